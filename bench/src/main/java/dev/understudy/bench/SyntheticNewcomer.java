package dev.understudy.bench;

import dev.understudy.server.publish.Clip;
import dev.understudy.server.publish.WhipPublisher;
import dev.understudy.server.worker.ffmpeg.ClipEncoder;
import dev.understudy.server.worker.ffmpeg.ClipSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The product's own publisher, in this process. Confined to one thread. */
final class SyntheticNewcomer implements FirstFrameLatency.Newcomer {
    /** Red, unlike the first publisher and unlike a tile without video. */
    private static final int PATTERN = 4;

    private static final int TONE_HZ = 1_000;

    private final Clip clip = ClipEncoder.encode(ClipSettings.hd("newcomer", PATTERN, TONE_HZ));
    private final URI whip;
    private @Nullable WhipPublisher publisher;

    SyntheticNewcomer(URI whip) {
        this.whip = whip;
    }

    @Override
    public Instant join(String token) throws IOException, InterruptedException {
        Instant posted = Instant.now();
        publisher = WhipPublisher.start(new WhipPublisher.Options(whip, token, clip));
        return posted;
    }

    @Override
    public void leave() {
        if (publisher != null) {
            publisher.close();
        }
    }

    @Override
    public void close() {
        leave();
    }
}
