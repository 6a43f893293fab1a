package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "fd12:3456::1",
                "203.0.113.7",
                "2001:db8::1",
                "100.64.0.1",
                "64:ff9b::cb00:7107",
                "64:ff9b:1::cb00:7107",
                "64:ff9b:1:cb00:71:700::",
                "::ffff:0:203.0.113.7"
            })
    void allows(String address) {
        assertThat(AddressRules.refusal(InetAddress.ofLiteral(address))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, link-local",
        "169.254.170.2, link-local",
        "169.254.0.1, link-local",
        "fe80::1, link-local",
        "::ffff:169.254.169.254, link-local",
        "::169.254.169.254, link-local",
        "64:ff9b::a9fe:a9fe, link-local",
        "64:ff9b:1::a9fe:a9fe, link-local",
        "64:ff9b:1:a9fe:a9:fe00::, link-local",
        "64:ff9b:1:1a9:fe:a9fe::, link-local",
        "64:ff9b:1:1:a9:fea9:fe00:0, link-local",
        "64:ff9b:1:1::6464:64c8, a cloud's metadata service",
        "::ffff:0:169.254.169.254, link-local",
        "::ffff:0:100.100.100.200, a cloud's metadata service",
        "2002:a9fe:a9fe::1, link-local",
        "100.100.100.200, a cloud's metadata service",
        "168.63.129.16, a cloud's metadata service",
        "192.0.0.192, a cloud's metadata service",
        "fd00:ec2::254, a cloud's metadata service",
        "fd20:ce::254, a cloud's metadata service",
        "0.0.0.0, the wildcard",
        "::, the wildcard",
        "224.0.0.1, not the address of one host",
        "255.255.255.255, not the address of one host",
        "ff02::1, not the address of one host",
    })
    void refuses(String address, String why) {
        assertThat(AddressRules.refusal(InetAddress.ofLiteral(address)))
                .hasValueSatisfying(text -> assertThat(text).endsWith(" is " + why));
    }

    /** Other ways to write 169.254.169.254; what counts is what the name leads to. */
    @ParameterizedTest
    @ValueSource(strings = {"2852039166", "169.254.43518"})
    void refusesHoweverItIsWritten(String host) throws UnknownHostException {
        assertThat(AddressRules.refusal(InetAddress.getByName(host))).isPresent();
    }
}
