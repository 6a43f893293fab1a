package dev.understudy.server.event;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses events may be sent to. Pure.
 *
 * <p>Loopback and private addresses are allowed, because that is where those who host themselves have their receivers.
 * Link-local ones and those where clouds answer questions about a machine, credentials among them, are not: a sink whose
 * name came to lead there would be a way in.
 */
final class AddressRules {
    private static final int IPV4_BYTES = 4;

    /** Where clouds serve metadata outside the link-local range, as in {@code http://ADDRESS/}. */
    private static final List<InetAddress> METADATA = List.of(
            InetAddress.ofLiteral("100.100.100.200"), // Alibaba Cloud
            InetAddress.ofLiteral("168.63.129.16"), // Azure's wire server
            InetAddress.ofLiteral("192.0.0.192"), // Oracle Cloud
            InetAddress.ofLiteral("fd00:ec2::254"), // EC2
            InetAddress.ofLiteral("fd00:ec2::23"), // EKS
            InetAddress.ofLiteral("fd20:ce::254")); // Google Cloud

    private static final InetAddress BROADCAST = InetAddress.ofLiteral("255.255.255.255");

    private AddressRules() {}

    /** Why nothing is sent to an address; empty when it is allowed. */
    static Optional<String> refusal(InetAddress address) {
        String why = why(embedded(address));
        return why.isEmpty() ? Optional.empty() : Optional.of(address.getHostAddress() + " is " + why);
    }

    private static String why(InetAddress address) {
        if (address.isLinkLocalAddress()) {
            return "link-local";
        }
        if (METADATA.contains(address)) {
            return "a cloud's metadata service";
        }
        if (address.isAnyLocalAddress()) {
            return "the wildcard";
        }
        if (address.isMulticastAddress() || address.equals(BROADCAST)) {
            return "not the address of one host";
        }
        return "";
    }

    /** The IPv4 address that an IPv6 address leads to: NAT64 (RFC 6052), 6to4 (RFC 3056), IPv4-compatible (RFC 4291). */
    private static InetAddress embedded(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        boolean isCompatible = startsWith(bytes, new byte[12]) && !address.isLoopbackAddress();
        if (isCompatible || startsWith(bytes, new byte[] {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {
            return ipv4(bytes, 12);
        }
        return startsWith(bytes, new byte[] {0x20, 0x02}) ? ipv4(bytes, 2) : address;
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static InetAddress ipv4(byte[] bytes, int from) {
        try {
            return Inet4Address.getByAddress(Arrays.copyOfRange(bytes, from, from + IPV4_BYTES));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
