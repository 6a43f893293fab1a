package dev.understudy.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.link.LinkMessage;
import dev.understudy.media.link.LinkMessage.TrackKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkQueueTest {
    private static final int AUDIO = 1;
    private static final int VIDEO = 2;
    private static final int PACKET_BYTES = 1_100;
    private static final int PACKETS_A_FRAME = 10;

    private final List<Integer> keyFrameRequests = new ArrayList<>();
    private final LinkQueue queue = new LinkQueue(keyFrameRequests::add);
    private long sequence;

    private void addTracks() throws InterruptedException {
        var none = ByteBuffer.allocate(0);
        queue.offer(new LinkMessage.AddTrack(AUDIO, 1, TrackKind.AUDIO, 48_000, 2, none));
        queue.offer(new LinkMessage.AddTrack(VIDEO, 1, TrackKind.VIDEO, 90_000, 0, none));
        queue.poll(0);
        queue.poll(0);
    }

    private void offer(int track, int timestamp) {
        ByteBuffer packet = ByteBuffer.allocate(PACKET_BYTES).putInt(4, timestamp);
        queue.offer(new LinkMessage.Rtp(track, sequence++, 0, packet));
    }

    private void offerFrame(int timestamp) {
        for (int i = 0; i < PACKETS_A_FRAME; i++) {
            offer(VIDEO, timestamp);
        }
    }

    private List<LinkMessage.ToWorker> drain() throws InterruptedException {
        List<LinkMessage.ToWorker> all = new ArrayList<>();
        for (LinkMessage.ToWorker message = queue.poll(0); message != null; message = queue.poll(0)) {
            all.add(message);
        }
        return all;
    }

    private static List<Integer> timestamps(List<LinkMessage.ToWorker> messages, int track) {
        return messages.stream()
                .filter(message -> message instanceof LinkMessage.Rtp rtp && rtp.track() == track)
                .map(message -> ((LinkMessage.Rtp) message).packet().getInt(4))
                .toList();
    }

    @Test
    void dropsVideoAsWholeAccessUnitsAndKeepsAudio() throws InterruptedException {
        addTracks();
        for (int frame = 1; frame <= 500; frame++) {
            offerFrame(frame * 3_000);
            offer(AUDIO, frame * 960);
        }

        List<LinkMessage.ToWorker> kept = drain();

        List<Integer> video = timestamps(kept, VIDEO);
        assertThat(timestamps(kept, AUDIO)).hasSize(500);
        assertThat(video).hasSizeBetween(1_000, 4_990);
        assertThat(video.size() % PACKETS_A_FRAME).isZero();
        assertThat(video.stream().distinct().count()).isEqualTo(video.size() / PACKETS_A_FRAME);
        assertThat(queue.dropped()).isEqualTo(5_000 - video.size());
        assertThat(keyFrameRequests).isEmpty();
    }

    @Test
    void asksForAKeyFrameOnceVideoComesAgain() throws InterruptedException {
        addTracks();
        for (int frame = 1; frame <= 500; frame++) {
            offerFrame(frame * 3_000);
        }
        drain();

        offerFrame(501 * 3_000);
        offerFrame(502 * 3_000);

        assertThat(keyFrameRequests).containsExactly(VIDEO);
        assertThat(timestamps(drain(), VIDEO)).hasSize(2 * PACKETS_A_FRAME);
    }

    @Test
    void dropsAudioOnlyWhenVideoIsGoneAlready() throws InterruptedException {
        addTracks();
        for (int packet = 1; packet <= 10_000; packet++) {
            offer(AUDIO, packet * 960);
        }

        assertThat((long) timestamps(drain(), AUDIO).size() * PACKET_BYTES)
                .isLessThan(RtpShedding.AUDIO_LIMIT_BYTES)
                .isGreaterThan(RtpShedding.VIDEO_LIMIT_BYTES);
        assertThat(keyFrameRequests).isEmpty();
    }

    @Test
    void neverDropsWhatIsNotRtp() throws InterruptedException {
        addTracks();
        for (int frame = 1; frame <= 500; frame++) {
            offerFrame(frame * 3_000);
        }

        queue.offer(new LinkMessage.Stop(7));

        assertThat(drain().getLast()).isEqualTo(new LinkMessage.Stop(7));
    }

    @Test
    void dropsPacketsOfTracksThatAreNotThere() throws InterruptedException {
        addTracks();
        queue.offer(new LinkMessage.RemoveTrack(VIDEO));
        offer(VIDEO, 1);
        offer(99, 1);

        assertThat(drain()).containsExactly(new LinkMessage.RemoveTrack(VIDEO));
        assertThat(queue.dropped()).isEqualTo(2);
    }
}
