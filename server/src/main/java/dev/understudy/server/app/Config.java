package dev.understudy.server.app;

import dev.understudy.control.resource.Rules;
import dev.understudy.server.testing.Reach;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * All that an operator can set about a node. Immutable.
 *
 * @param dataDir where everything lives that must outlast a restart
 * @param region as in ARNs and signatures
 * @param accountId 12 digits, as in ARNs
 * @param playoutDelay from a frame's arrival to the tick that shows it
 * @param serveRecordings whether anyone who reaches the node's HTTP port may read the buckets and the player page
 * @param rules how the control API behaves where there is a choice
 * @param testControls who may use them
 */
public record Config(
        Path dataDir,
        Network network,
        String region,
        String accountId,
        Duration playoutDelay,
        boolean serveRecordings,
        Rules rules,
        Reach testControls) {

    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d");

    /** Whether it can be the account in ARNs. */
    public static boolean isAccount(String text) {
        return ACCOUNT.matcher(text).matches();
    }

    /** Whether it can be the region in ARNs. */
    public static boolean isRegion(String text) {
        return REGION.matcher(text).matches();
    }

    /**
     * Where a node is reached.
     *
     * @param http where the control API, WHIP and the pages are served
     * @param mediaPort of UDP; 0 takes a free one
     * @param mediaHosts addresses of this machine that take media, a socket each; never the wildcard
     * @param advertised addresses to name in answers instead of {@code mediaHosts}; empty to name those
     * @param publicUrl what clients reach {@code http} by, when a proxy stands before it
     * @param joinsPerAddress how often in a second one address may ask to join a stage
     */
    public record Network(
            HostPort http,
            int mediaPort,
            List<InetAddress> mediaHosts,
            List<InetAddress> advertised,
            Optional<URI> publicUrl,
            int joinsPerAddress) {

        /** More than a browser or a broadcaster asks for; much less than keeps a core busy checking signatures. */
        static final int DEFAULT_JOINS_PER_ADDRESS = 100;

        public Network {
            mediaHosts = List.copyOf(mediaHosts);
            advertised = List.copyOf(advertised);
            if (mediaHosts.isEmpty()) {
                throw new IllegalArgumentException("no media host");
            }
        }

        /** What clients can use who are told no public URL: nobody can connect to a wildcard. */
        HostPort reachable(HostPort listening) {
            boolean isWildcard =
                    listening.host().equals("0.0.0.0") || listening.host().equals("::");
            InetAddress media = advertised.isEmpty() ? mediaHosts.getFirst() : advertised.getFirst();
            return isWildcard ? new HostPort(media.getHostAddress(), listening.port()) : listening;
        }

        private Network onFreePorts() {
            return new Network(new HostPort(http.host(), 0), 0, mediaHosts, advertised, publicUrl, joinsPerAddress);
        }
    }

    /** What {@code ./understudy run} does with no option at all: loopback only. */
    public static Config defaults(Path dataDir) {
        var loopback = new Network(
                new HostPort("127.0.0.1", 8480),
                8481,
                List.of(InetAddress.getLoopbackAddress()),
                List.of(),
                Optional.empty(),
                Network.DEFAULT_JOINS_PER_ADDRESS);
        return new Config(
                dataDir, loopback, "us-east-1", "000000000000", Duration.ofMillis(250), false, Rules.IVS, Reach.NOBODY);
    }

    /** The same on ports that are free, for tests and the demo. */
    public Config onFreePorts() {
        return with(network.onFreePorts());
    }

    public Config with(Network other) {
        return new Config(dataDir, other, region, accountId, playoutDelay, serveRecordings, rules, testControls);
    }

    public Config with(Rules others) {
        return new Config(dataDir, network, region, accountId, playoutDelay, serveRecordings, others, testControls);
    }

    public Config withServedRecordings() {
        return new Config(dataDir, network, region, accountId, playoutDelay, true, rules, testControls);
    }

    public Config withTestControls(Reach reach) {
        return new Config(dataDir, network, region, accountId, playoutDelay, serveRecordings, rules, reach);
    }
}
