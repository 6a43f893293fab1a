package dev.understudy.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.link.LinkMessage;
import dev.understudy.media.link.LinkMessage.TrackKind;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RtpSheddingTest {
    private final RtpShedding shedding = new RtpShedding();

    private void publish(int publisher, int audio, int video) {
        var none = ByteBuffer.allocate(0);
        shedding.observe(new LinkMessage.AddPublisher(publisher, "participant", "user", Map.of()));
        shedding.observe(new LinkMessage.AddTrack(audio, publisher, TrackKind.AUDIO, 48_000, 2, none));
        shedding.observe(new LinkMessage.AddTrack(video, publisher, TrackKind.VIDEO, 90_000, 0, none));
    }

    private RtpShedding.Verdict judge(int track) {
        return shedding.judge(new LinkMessage.Rtp(track, 1, 0, ByteBuffer.allocate(20)), 0);
    }

    @Test
    void aPublishersTracksGoWithIt() {
        publish(1, 2, 3);
        publish(4, 5, 6);

        shedding.observe(new LinkMessage.RemovePublisher(1));

        assertThat(judge(2)).isEqualTo(RtpShedding.Verdict.DROP);
        assertThat(judge(3)).isEqualTo(RtpShedding.Verdict.DROP);
        assertThat(judge(5)).isEqualTo(RtpShedding.Verdict.KEEP);
        assertThat(judge(6)).isEqualTo(RtpShedding.Verdict.KEEP);
    }

    @Test
    void doesNotGrowWithThosePublishersWhoHaveLeft() {
        for (int number = 1; number < 3_000; number += 3) {
            publish(number, number + 1, number + 2);
            shedding.observe(new LinkMessage.RemovePublisher(number));
        }

        assertThat(shedding.trackCount()).isZero();
    }
}
