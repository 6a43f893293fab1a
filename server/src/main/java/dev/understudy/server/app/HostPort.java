package dev.understudy.server.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen, as an operator writes it: {@code 127.0.0.1:8480}, {@code [::1]:8480}, {@code localhost:0}.
 *
 * @param host a name or an address, without the brackets of IPv6
 * @param port 0 to 65 535; 0 takes a free one
 */
public record HostPort(String host, int port) {
    private static final Pattern WRITTEN = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\[\\]]+)):(\\d{1,5})");

    public HostPort {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not one of 0 to 65535");
        }
    }

    /** Throws {@link IllegalArgumentException}, with a message for the operator, when the text has another form. */
    public static HostPort parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT, for example 127.0.0.1:8480");
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new HostPort(host, Integer.parseInt(matcher.group(3)));
    }

    /** The same with a port that was free just now, where this has port 0. */
    public HostPort withFreePort() throws IOException {
        if (port != 0) {
            return this;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(host, 0));
            return new HostPort(host, probe.getLocalPort());
        }
    }

    /** As it stands in a URL. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
