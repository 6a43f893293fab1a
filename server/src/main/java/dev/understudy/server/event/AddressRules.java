package dev.understudy.server.event;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

    private static final int[] LAST = {12, 13, 14, 15};

    /**
     * Where an IPv6 address with a prefix has an IPv4 address in it, by its bytes. Where the prefix leaves it open, each
     * place is looked at; what is zero is none.
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Embedding(byte[] prefix, List<int[]> places) {
        Embedding(String prefix, int prefixBytes, int[]... places) {
            this(Arrays.copyOf(InetAddress.ofLiteral(prefix).getAddress(), prefixBytes), List.of(places));
        }
    }

    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding("::", 12, LAST), // IPv4-compatible, RFC 4291 section 2.5.5.1
            new Embedding("::ffff:0:0:0", 12, LAST), // SIIT, RFC 2765 section 2.1
            new Embedding("64:ff9b::", 12, LAST), // NAT64, RFC 6052 section 2.1
            new Embedding( // NAT64 of a network's own, RFC 8215, by prefixes of 48 to 96 bits, RFC 6052 section 2.2
                    "64:ff9b:1::",
                    6,
                    new int[] {6, 7, 9, 10},
                    new int[] {7, 9, 10, 11},
                    new int[] {9, 10, 11, 12},
                    LAST),
            new Embedding("2002::", 2, new int[] {2, 3, 4, 5})); // 6to4, RFC 3056

    private AddressRules() {}

    /** Why nothing is sent to an address; empty when it is allowed. */
    static Optional<String> refusal(InetAddress address) {
        return Stream.concat(Stream.of(address), embedded(address))
                .map(AddressRules::why)
                .filter(why -> !why.isEmpty())
                .findFirst()
                .map(why -> address.getHostAddress() + " is " + why);
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

    /** The IPv4 addresses that an IPv6 address may lead to. */
    private static Stream<InetAddress> embedded(InetAddress address) {
        if (!(address instanceof Inet6Address) || address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return Stream.empty();
        }
        byte[] bytes = address.getAddress();
        return EMBEDDINGS.stream()
                .filter(embedding -> startsWith(bytes, embedding.prefix()))
                .flatMap(embedding -> embedding.places().stream())
                .map(places -> ipv4(bytes, places))
                .filter(inner -> !inner.isAnyLocalAddress());
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static InetAddress ipv4(byte[] bytes, int[] places) {
        byte[] inner = new byte[IPV4_BYTES];
        for (int i = 0; i < IPV4_BYTES; i++) {
            inner[i] = bytes[places[i]];
        }
        try {
            return Inet4Address.getByAddress(inner);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
