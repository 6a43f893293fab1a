package dev.understudy.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;

/**
 * The one protocol that the listener speaks: HTTP/1.1, by {@link HttpConnection}s. Being the only one it is not asked
 * whether it knows what comes, so what is no HTTP/1.1 is refused by an answer. Thread-safe.
 */
final class HttpProtocol implements ServerConnectionSelector {
    private final Http1ConnectionSelector protocol;
    private final Deadlines deadlines;

    HttpProtocol(Http1Config.Builder config, Deadlines deadlines) {
        this.protocol = Http1ConnectionSelector.builder()
                .config(config.addReceiveListener(new HttpConnection.RequestProgress())
                        .addSendListener(new HttpConnection.AnswerProgress())
                        .build())
                .build();
        this.deadlines = deadlines;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return protocol.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new HttpConnection(context, protocol, deadlines);
    }
}
