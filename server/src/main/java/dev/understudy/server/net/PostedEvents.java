package dev.understudy.server.net;

import dev.understudy.protocol.srtp.SrtpReceiver;
import dev.understudy.protocol.srtp.SrtpSender;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings what a handshake says to the loop of its session, which may have ended meanwhile. Thread-safe. */
final class PostedEvents implements Handshake.Events {
    private final MediaLoop loop;
    private final IceSessions sessions;
    private volatile @Nullable WhipSession session;

    PostedEvents(MediaLoop loop, IceSessions sessions) {
        this.loop = loop;
        this.sessions = sessions;
    }

    /** Before the handshake begins to speak. */
    void attach(WhipSession owner) {
        session = owner;
    }

    /** Also after the end: the last record says goodbye. */
    @Override
    public void send(ByteBuffer datagram) {
        post(owner -> owner.sendDtls(datagram));
    }

    @Override
    public void done(SrtpReceiver receiver, SrtpSender sender) {
        post(owner -> {
            if (sessions.isOpen(owner)) {
                owner.connected(receiver, sender, loop.nowNanos());
            }
        });
    }

    @Override
    public void ended(LeaveReason reason) {
        post(owner -> sessions.end(owner, reason));
    }

    private void post(Consumer<WhipSession> task) {
        WhipSession owner = session;
        if (owner != null) {
            loop.post(() -> task.accept(owner));
        }
    }
}
