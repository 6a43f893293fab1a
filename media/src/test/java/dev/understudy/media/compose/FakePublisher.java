package dev.understudy.media.compose;

import dev.understudy.media.link.LinkMessage;
import dev.understudy.media.link.LinkMessage.TrackKind;
import dev.understudy.protocol.rtp.H264Packetizer;
import dev.understudy.protocol.rtp.RtpHeader;
import dev.understudy.protocol.rtp.RtpWriter;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongToIntFunction;

/** A sender with a wall clock of its own, sending 30 pictures and 50 packets of sound a second through a bad network. */
final class FakePublisher {
    private static final long SECOND = 1_000_000_000L;
    private static final int FRAMES_PER_SECOND = 30;
    private static final long PACKET_NANOS = 20_000_000L;

    final int number;
    final int videoTrack;
    final int audioTrack;
    final SplittableRandom random;

    double videoLoss;
    double audioLoss;
    long videoLatencyNanos = 30_000_000L;
    long audioLatencyNanos = 10_000_000L;
    long jitterNanos = 5_000_000L;
    int width = 64;
    int height = 36;
    int frameBytes = 10;
    boolean videoIsOn = true;
    boolean audioIsOn = true;
    boolean reports = true;
    LongToIntFunction luma = _ -> 100;
    LongToIntFunction sound = _ -> 20;

    private final long wallOriginSeconds;
    private final long videoRtpOrigin;
    private final long audioRtpOrigin;
    private final H264Packetizer packetizer = new H264Packetizer(100);
    private long videoSequence = 65_000;
    private long audioSequence = 65_500;
    private int frameNumber;
    private boolean keyFrameWanted;
    private boolean isGone;

    FakePublisher(int number, long seed) {
        this.number = number;
        this.videoTrack = 10 * number;
        this.audioTrack = 10 * number + 1;
        this.random = new SplittableRandom(seed);
        this.wallOriginSeconds = 3_900_000_000L + random.nextInt(10_000);
        this.videoRtpOrigin = random.nextLong(1L << 32);
        this.audioRtpOrigin = random.nextLong(1L << 32);
    }

    void join(Simulation simulation) {
        simulation.composer.received(
                new LinkMessage.AddPublisher(number, "participant" + number, "", Map.of()), simulation.nowNanos);
        simulation.composer.received(track(videoTrack, TrackKind.VIDEO, 90_000, 0), simulation.nowNanos);
        simulation.composer.received(track(audioTrack, TrackKind.AUDIO, 48_000, 2), simulation.nowNanos);
        simulation.onKeyFrameRequest(videoTrack, () -> keyFrameWanted = true);
        film(simulation, 0);
        speak(simulation, 0);
        report(simulation);
    }

    void leave(Simulation simulation) {
        isGone = true;
        simulation.composer.received(new LinkMessage.RemovePublisher(number), simulation.nowNanos);
    }

    private LinkMessage.AddTrack track(int track, TrackKind kind, int clockRateHz, int channels) {
        return new LinkMessage.AddTrack(track, number, kind, clockRateHz, channels, ByteBuffer.allocate(0));
    }

    private void film(Simulation simulation, long frame) {
        long capturedNanos = simulation.nowNanos;
        if (isGone) {
            return;
        }
        if (videoIsOn) {
            frameNumber = (frameNumber + 1) & 0xFFFF;
            var coded =
                    new FakeCodecs.Coded(keyFrameWanted, frameNumber, luma.applyAsInt(capturedNanos), width, height);
            keyFrameWanted = false;
            packetizer.packetize(coded.annexB(frameBytes), (payload, marker) -> {
                var header = new RtpHeader(96, marker, videoSequence, videoTime(capturedNanos), number);
                send(simulation, videoTrack, videoSequence++, header, payload, videoLatencyNanos, videoLoss);
            });
        }
        simulation.at(capturedNanos + SECOND / FRAMES_PER_SECOND, () -> film(simulation, frame + 1));
    }

    private void speak(Simulation simulation, long packet) {
        long capturedNanos = simulation.nowNanos;
        if (isGone) {
            return;
        }
        if (audioIsOn) {
            ByteBuffer payload = FakeCodecs.sound(960, sound.applyAsInt(capturedNanos));
            var header = new RtpHeader(111, false, audioSequence, audioTime(capturedNanos), number + 1_000L);
            send(simulation, audioTrack, audioSequence++, header, payload, audioLatencyNanos, audioLoss);
        }
        simulation.at(capturedNanos + PACKET_NANOS, () -> speak(simulation, packet + 1));
    }

    private void report(Simulation simulation) {
        long now = simulation.nowNanos;
        if (reports && !isGone && now > 0) {
            deliver(simulation, new LinkMessage.SenderReport(videoTrack, ntp(now), low32(videoTime(now)), now));
            deliver(simulation, new LinkMessage.SenderReport(audioTrack, ntp(now), low32(audioTime(now)), now));
        }
        simulation.at(now + SECOND, () -> report(simulation));
    }

    private void send(
            Simulation simulation,
            int track,
            long sequence,
            RtpHeader header,
            ByteBuffer payload,
            long latency,
            double loss) {
        if (random.nextDouble() < loss) {
            return;
        }
        ByteBuffer packet = ByteBuffer.allocate(200);
        RtpWriter.write(header, payload, packet);
        long arrival = simulation.nowNanos + latency + random.nextLong(jitterNanos + 1);
        simulation.at(arrival, () -> deliver(simulation, new LinkMessage.Rtp(track, sequence, arrival, packet.flip())));
    }

    private void deliver(Simulation simulation, LinkMessage.ToWorker message) {
        if (!isGone) {
            simulation.composer.received(message, simulation.nowNanos);
        }
    }

    private long videoTime(long capturedNanos) {
        return videoRtpOrigin + capturedNanos / 1_000 * 90 / 1_000;
    }

    private long audioTime(long capturedNanos) {
        return audioRtpOrigin + capturedNanos / 1_000 * 48 / 1_000;
    }

    private long ntp(long nanos) {
        long seconds = wallOriginSeconds + nanos / SECOND;
        long fraction = ((nanos % SECOND) << 32) / SECOND;
        return (seconds << 32) | fraction;
    }

    private static long low32(long time) {
        return time & 0xFFFF_FFFFL;
    }
}
