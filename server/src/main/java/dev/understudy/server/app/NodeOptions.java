package dev.understudy.server.app;

import dev.understudy.control.resource.Quotas;
import dev.understudy.control.resource.Rules;
import dev.understudy.server.testing.Reach;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that every command that starts a node has. Filled by picocli, then read once. */
final class NodeOptions {
    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where everything is kept: state, credentials, buckets. Default: ./data")
    Path dataDir = Path.of("data");

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description =
                    "Where the API, WHIP and the pages are served; port 0 takes a free one. Default: 127.0.0.1:8480")
    @Nullable
    String http;

    @Option(
            names = "--media-port",
            paramLabel = "PORT",
            description = "UDP port of all media; 0 takes a free one. Default: 8481")
    @Nullable
    Integer mediaPort;

    @Option(
            names = "--media-host",
            paramLabel = "IP",
            split = ",",
            description = "Addresses of this machine that take media, IPv4 or IPv6. Firefox needs one that is not"
                    + " loopback. Default: 127.0.0.1")
    List<String> mediaHosts = new ArrayList<>(List.of("127.0.0.1"));

    @Option(
            names = "--advertise",
            paramLabel = "IP",
            split = ",",
            description = "Addresses that clients reach the media port by, where they are not those of this machine"
                    + " (containers, NAT).")
    List<String> advertised = new ArrayList<>();

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "What clients reach --http by, where a proxy stands before it.")
    @Nullable
    URI publicUrl;

    @Option(
            names = "--joins-per-address",
            paramLabel = "N",
            converter = LimitConverter.class,
            description = "How often in a second one address may ask to join a stage, or unlimited. Behind a proxy all"
                    + " ask from one address. Default: 100")
    int joinsPerAddress = Config.Network.DEFAULT_JOINS_PER_ADDRESS;

    @Option(names = "--region", paramLabel = "REGION", description = "Region in ARNs. Default: us-east-1")
    String region = "us-east-1";

    @Option(names = "--account", paramLabel = "ID", description = "Account in ARNs. Default: 000000000000")
    String accountId = "000000000000";

    @Option(
            names = "--playout-delay",
            paramLabel = "MS",
            description = "From a frame's arrival to the composed picture that shows it. Default: 250")
    int playoutDelayMillis = 250;

    @Option(
            names = "--serve-recordings",
            description = "Let everybody who reaches --http read the buckets and the player page.")
    boolean serveRecordings;

    @Option(
            names = "--session-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long a stage session goes on after its last publisher once all have left. Default: 5m")
    Duration sessionKept = Rules.IVS.sessionKept();

    @Option(
            names = "--keep-compositions",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long a composition that has ended can be asked for; IVS forgets it soon, 30d would not."
                    + " Default: 5m")
    Duration compositionKept = Rules.IVS.compositionKept();

    @Option(
            names = "--quota",
            paramLabel = "NAME=N",
            converter = QuotaLimit.Converter.class,
            description = "Allow another number of something than IVS does, or NAME=unlimited; repeatable, for example"
                    + " compositions-per-stage=20. A wrong name is answered with all of them.")
    List<QuotaLimit> quotas = new ArrayList<>();

    @Option(
            names = "--throttle",
            description = "Take no more calls a second than IVS does, 5 of most operations, so that clients can be"
                    + " tested against ThrottlingException.")
    boolean isThrottled;

    @Option(
            names = "--test-controls",
            paramLabel = "REACH",
            arity = "0..1",
            fallbackValue = "LOOPBACK",
            description = "Let programs on this machine reset the node, advance its clock and make calls fail, without"
                    + " a signature; --test-controls=network lets everybody who reaches --http. See docs/testing.md.")
    Reach testControls = Reach.NOBODY;

    /** The configuration, checked; {@code ifUnset} says which ports to take where none is named. */
    Config config(HostPort httpIfUnset, int mediaPortIfUnset) {
        check(Config.isAccount(accountId), "--account", accountId, "12 digits");
        check(Config.isRegion(region), "--region", region, "of the form us-east-1");
        int port = mediaPort == null ? mediaPortIfUnset : mediaPort;
        check(port >= 0 && port <= 65_535, "--media-port", port, "0 to 65535");
        check(
                playoutDelayMillis >= 0 && playoutDelayMillis <= 5_000,
                "--playout-delay",
                playoutDelayMillis,
                "0 to 5000 ms");
        var network = new Config.Network(
                httpAddress(httpIfUnset),
                port,
                addresses("--media-host", mediaHosts),
                addresses("--advertise", advertised),
                publicUrl(),
                joinsPerAddress);
        check(joinsPerAddress > 0, "--joins-per-address", joinsPerAddress, "1 or more");
        return new Config(
                dataDir,
                network,
                region,
                accountId,
                Duration.ofMillis(playoutDelayMillis),
                serveRecordings,
                new Rules(quotas(), sessionKept, compositionKept, isThrottled),
                testControls());
    }

    /** A proxy on this machine would make everybody a program of this machine. */
    private Reach testControls() {
        if (testControls == Reach.LOOPBACK && publicUrl != null) {
            throw wrong("--test-controls: with --public-url everybody could use them through the proxy;"
                    + " say --test-controls=network if that is meant");
        }
        return testControls;
    }

    private Quotas quotas() {
        Quotas asked = Quotas.IVS;
        for (QuotaLimit limit : quotas) {
            asked = asked.with(limit.quota(), limit.most());
        }
        return asked;
    }

    private HostPort httpAddress(HostPort ifUnset) {
        if (http == null) {
            return ifUnset;
        }
        try {
            return HostPort.parse(http);
        } catch (IllegalArgumentException e) {
            throw wrong("--http: " + e.getMessage());
        }
    }

    private Optional<URI> publicUrl() {
        if (publicUrl == null) {
            return Optional.empty();
        }
        boolean isWeb = "http".equals(publicUrl.getScheme()) || "https".equals(publicUrl.getScheme());
        check(isWeb && publicUrl.getHost() != null, "--public-url", publicUrl, "an http or https URL");
        return Optional.of(publicUrl);
    }

    private List<InetAddress> addresses(String option, List<String> texts) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            check(text.matches("[0-9a-fA-F:.%a-z]+") && !text.isBlank(), option, text, "an IP address");
            try {
                InetAddress address = InetAddress.getByName(text);
                check(!address.isAnyLocalAddress(), option, text, "one address of this machine, not the wildcard");
                addresses.add(address);
            } catch (UnknownHostException e) {
                throw wrong(option + ": '" + text + "' is not an IP address");
            }
        }
        return addresses;
    }

    private void check(boolean holds, String option, Object value, String expected) {
        if (!holds) {
            throw wrong(option + ": '" + value + "' is not " + expected);
        }
    }

    private ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException("options were read outside a command: " + message);
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
