package dev.understudy.media.compose;

import dev.understudy.media.link.LinkMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plays a composer against a world in which things happen at given times; a busy worker is one that comes late. */
final class Simulation {
    final FakeCodecs codecs = new FakeCodecs();
    final Composer composer = new Composer(codecs, () -> 0);
    final List<LinkMessage.ToNode> sent = new ArrayList<>();
    private final List<LinkMessage.VideoFrame> frames = new ArrayList<>();
    long nowNanos;

    /** How much time each call of the composer takes. */
    long busyNanos;

    private final TreeMap<Long, List<Runnable>> due = new TreeMap<>();
    private final Map<Integer, Runnable> onKeyFrameRequest = new HashMap<>();

    void at(long nanos, Runnable happening) {
        due.computeIfAbsent(nanos, _ -> new ArrayList<>()).add(happening);
    }

    void onKeyFrameRequest(int track, Runnable happening) {
        onKeyFrameRequest.put(track, happening);
    }

    void run(long untilNanos) {
        while (true) {
            long next = due.isEmpty() ? Long.MAX_VALUE : due.firstKey();
            long deadline = composer.deadlineNanos();
            if (Math.min(next, deadline) > untilNanos) {
                return;
            }
            if (next <= deadline) {
                nowNanos = Math.max(nowNanos, next);
                due.pollFirstEntry().getValue().forEach(Runnable::run);
            } else {
                nowNanos = Math.max(nowNanos, deadline);
                composer.elapsed(nowNanos, this::sent);
                nowNanos += busyNanos;
            }
        }
    }

    private void sent(LinkMessage.ToNode message) {
        sent.add(message);
        if (message instanceof LinkMessage.VideoFrame frame) {
            frames.add(frame);
        }
        if (message instanceof LinkMessage.RequestKeyFrame request) {
            onKeyFrameRequest.getOrDefault(request.track(), () -> {}).run();
        }
    }

    <T> List<T> sent(Class<T> kind) {
        return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<LinkMessage.VideoFrame> frames() {
        return frames;
    }

    /** What quarter {@code quarter} of the canvas showed at a tick. */
    int shown(long tick, int quarter) {
        LinkMessage.VideoFrame frame =
                frames.get((int) (tick - frames.getFirst().tick()));
        return FakeCodecs.quarters(frame.accessUnit()).get(quarter);
    }

    /** All left samples, from the first that was encoded. */
    float[] sound() {
        List<LinkMessage.AudioFrame> frames = sent(LinkMessage.AudioFrame.class);
        float[] all = new float[frames.size() * 1_024];
        for (int i = 0; i < all.length; i++) {
            all[i] = frames.get(i / 1_024).frame().asFloatBuffer().get(i % 1_024 * 2);
        }
        return all;
    }
}
