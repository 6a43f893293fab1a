package dev.understudy.server.net;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what sessions have come to, as one word each and the participant. */
final class RecordedEvents implements SessionListener {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void connected(SessionFacts session) {
        events.add("connected " + session.participantId());
    }

    @Override
    public void firstMedia(SessionFacts session) {
        events.add("firstMedia " + session.participantId());
    }

    @Override
    public void left(SessionFacts session, LeaveReason reason) {
        events.add("left " + session.participantId() + " " + reason);
    }

    /** The next one, waited for. */
    String next() throws InterruptedException {
        String event = events.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new IllegalStateException("nothing more happened");
        }
        return event;
    }
}
