package dev.understudy.protocol.sdp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Session descriptions of real clients, shortened where lines repeat. */
final class Offers {
    static final String[] CLIENTS = {"chromium", "firefox", "obs", "gstreamer", "ffmpeg", "simple-whip-client", "aiortc"
    };

    private Offers() {}

    /** The text with lines ended by CRLF, as on the wire. */
    static String text(String name) {
        try (InputStream in = Offers.class.getResourceAsStream(name + ".sdp")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\n", "\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
