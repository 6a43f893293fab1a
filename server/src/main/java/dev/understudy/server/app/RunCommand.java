package dev.understudy.server.app;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code understudy run}: a node, until SIGTERM or SIGINT. */
@Command(
        name = "run",
        description = "Runs a node until it is told to end.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class RunCommand implements Callable<Integer> {
    private static final HostPort HTTP = new HostPort("127.0.0.1", 8480);
    private static final int MEDIA_PORT = 8481;

    @Mixin
    NodeOptions options = new NodeOptions();

    @Override
    public Integer call() throws InterruptedException {
        Node node = Node.start(options.config(HTTP, MEDIA_PORT));
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
        greet(node);
        node.awaitClosed();
        return 0;
    }

    private static void greet(Node node) {
        String media = node.mediaAddresses().stream()
                .map(address -> text(address).toString())
                .collect(Collectors.joining(", "));
        System.out.println("ready " + node.url());
        System.out.println("  AWS CLI:  AWS_SHARED_CREDENTIALS_FILE=" + shellWord(node.credentialsFile())
                + " aws ivs-realtime list-stages");
        System.out.println("  media:    UDP " + media);
        System.out.flush();
    }

    /** A path as a shell takes it for one word, so that the line can be copied. */
    static String shellWord(Path path) {
        String text = path.toString();
        return text.matches("[a-zA-Z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static HostPort text(InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort());
    }
}
