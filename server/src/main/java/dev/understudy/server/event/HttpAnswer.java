package dev.understudy.server.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer to a request (RFC 9112), as far as those who send events want to know it.
 *
 * @param body no more than {@value #MAX_BODY_BYTES} bytes of it
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record HttpAnswer(int status, byte[] body) {
    /** An answer to ten events has 2 KiB. */
    static final int MAX_BODY_BYTES = 64 << 10;

    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int MAX_LINES = 200;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern CHUNK_LENGTH = Pattern.compile("([0-9a-fA-F]{1,8})[ \t]*(;.*)?");

    /** Reads an answer, interim ones before it left out; throws {@link IOException} when the bytes are none. */
    static HttpAnswer read(InputStream in) throws IOException {
        Head head = head(in);
        boolean hasNoBody = head.status() == 204 || head.status() == 304;
        return new HttpAnswer(head.status(), hasNoBody ? new byte[0] : body(in, head.headers()));
    }

    /** Reads no more than the head, for those whom the body does not concern: it may never end. */
    static int readStatus(InputStream in) throws IOException {
        return head(in).status();
    }

    private record Head(int status, Map<String, String> headers) {}

    private static Head head(InputStream in) throws IOException {
        Head head = new Head(status(in), headers(in));
        while (head.status() < 200) {
            head = new Head(status(in), headers(in));
        }
        return head;
    }

    private static int status(InputStream in) throws IOException {
        Matcher line = STATUS_LINE.matcher(line(in));
        if (!line.matches()) {
            throw new IOException("the answer is not HTTP/1.1");
        }
        return Integer.parseInt(line.group(1));
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int lines = 0; lines < MAX_LINES; lines++) {
            String line = line(in);
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        throw new IOException("the answer has more than " + MAX_LINES + " header lines");
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return chunks(in);
        }
        String length = headers.getOrDefault("content-length", "");
        return LENGTH.matcher(length).matches()
                ? in.readNBytes((int) Math.min(MAX_BODY_BYTES, Long.parseLong(length)))
                : in.readNBytes(MAX_BODY_BYTES);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        while (body.size() < MAX_BODY_BYTES) {
            Matcher length = CHUNK_LENGTH.matcher(line(in));
            if (!length.matches()) {
                throw new IOException("a chunk of the answer has no length");
            }
            long bytes = Long.parseLong(length.group(1), 16);
            if (bytes == 0) {
                break;
            }
            body.write(in.readNBytes((int) Math.min(bytes, MAX_BODY_BYTES - body.size())));
            line(in);
        }
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(80);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() == MAX_LINE_BYTES) {
                throw new IOException(next < 0 ? "the connection ended before the answer did" : "an overlong line");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
