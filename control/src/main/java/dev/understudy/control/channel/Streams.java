package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.resource.Foundation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The operations on what is streamed to channels. Thread-safe.
 *
 * <p>Nothing takes streams for channels yet. So each operation answers what the service answers for a channel that has
 * never been live, which is the truth.
 */
@SuppressWarnings("DoNotCallSuggester") // a refusal is the answer, and callers are to get it
public final class Streams {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_METADATA_BYTES = 1_024;

    /** There is none yet to be shown. */
    public record StreamSummary() {}

    /** There is none yet to be shown. */
    public record StreamSessionSummary() {}

    public record GetStreamRequest(String channelArn) {}

    public record GetStreamSessionRequest(String channelArn, Optional<String> streamId) {}

    public record StopStreamRequest(String channelArn) {}

    public record PutMetadataRequest(String channelArn, String metadata) {}

    public record InsertAdBreakRequest(String channelArn) {}

    public record ListStreamsRequest(Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListStreamsResponse(List<StreamSummary> streams, Optional<String> nextToken) {}

    public record ListStreamSessionsRequest(
            String channelArn, Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListStreamSessionsResponse(List<StreamSessionSummary> streamSessions, Optional<String> nextToken) {}

    private final Foundation base;

    public Streams(Foundation base) {
        this.base = base;
    }

    public void get(GetStreamRequest request) {
        throw offline(request.channelArn());
    }

    public void getSession(GetStreamSessionRequest request) {
        check(request.channelArn());
        throw ApiException.notFound(request.streamId().orElse("stream session of " + request.channelArn()));
    }

    public void stop(StopStreamRequest request) {
        throw offline(request.channelArn());
    }

    public void putMetadata(PutMetadataRequest request) {
        if (request.metadata().getBytes(StandardCharsets.UTF_8).length > MAX_METADATA_BYTES) {
            throw ApiException.invalid("metadata", "must have at most " + MAX_METADATA_BYTES + " bytes");
        }
        throw offline(request.channelArn());
    }

    public void insertAdBreak(InsertAdBreakRequest request) {
        throw offline(request.channelArn());
    }

    public ListStreamsResponse list(ListStreamsRequest request) {
        int size = request.maxResults().orElse(DEFAULT_PAGE);
        var page = base.pages().<StreamSummary>page("streams", request.nextToken(), size, (_, _) -> List.of());
        return new ListStreamsResponse(page.items(), page.nextToken());
    }

    public ListStreamSessionsResponse listSessions(ListStreamSessionsRequest request) {
        check(request.channelArn());
        int size = request.maxResults().orElse(DEFAULT_PAGE);
        var page = base.pages()
                .<StreamSessionSummary>page(
                        "stream-sessions " + request.channelArn(), request.nextToken(), size, (_, _) -> List.of());
        return new ListStreamSessionsResponse(page.items(), page.nextToken());
    }

    private void check(String channelArn) {
        base.home().check(channelArn);
        base.store().read(h -> {
            Channels.check(h, channelArn);
            return true;
        });
    }

    private ApiException offline(String channelArn) {
        check(channelArn);
        return new ApiException(
                ApiException.Kind.CHANNEL_NOT_BROADCASTING, "Channel: " + channelArn + " is not broadcasting");
    }
}
