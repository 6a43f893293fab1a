package dev.understudy.bench;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.SigV4Signer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A load generator for one server: signed calls over as many kept connections as calls are made at a time, with nothing
 * between the caller and the socket. Thread-safe; closed by who made it.
 */
final class LoadClient implements AutoCloseable {
    private final JsonMapper json = new JsonMapper();
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final URI endpoint;
    private final SigV4Signer signer;

    LoadClient(URI endpoint, AccessKey key, String region) {
        this.endpoint = endpoint;
        this.signer = new SigV4Signer(key, region, "ivs");
    }

    /** Calls an operation. Throws IllegalStateException when the answer is not 200. */
    JsonNode call(String operation, Object request) throws IOException {
        byte[] body = json.writeValueAsBytes(request);
        URI url = endpoint.resolve("/" + operation);
        StringBuilder head = new StringBuilder("POST /" + operation + " HTTP/1.1\r\n");
        Map<String, String> headers = signer.post(url, Map.of("content-type", "application/json"), body, Instant.now());
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("content-length: ").append(body.length).append("\r\n\r\n");
        Connection known = idle.pollFirst();
        Connection connection = known == null ? new Connection(endpoint) : known;
        byte[] answer = connection.exchange(head.toString().getBytes(StandardCharsets.ISO_8859_1), body);
        idle.addFirst(connection);
        return json.readTree(answer);
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : idle) {
            connection.socket.close();
        }
    }

    /** Confined to the call that has taken it. */
    private static final class Connection {
        private final Socket socket = new Socket();
        private final InputStream in;

        Connection(URI endpoint) throws IOException {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
            in = new BufferedInputStream(socket.getInputStream());
        }

        byte[] exchange(byte[] head, byte[] body) throws IOException {
            byte[] request = new byte[head.length + body.length];
            System.arraycopy(head, 0, request, 0, head.length);
            System.arraycopy(body, 0, request, head.length, body.length);
            socket.getOutputStream().write(request);
            String status = line();
            int length = 0;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(
                            lower.substring("content-length:".length()).strip());
                }
            }
            byte[] answer = in.readNBytes(length);
            if (!status.startsWith("HTTP/1.1 200")) {
                throw new IllegalStateException(status + " " + new String(answer, StandardCharsets.UTF_8));
            }
            return answer;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new IOException("the server closed the connection");
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }
    }
}
