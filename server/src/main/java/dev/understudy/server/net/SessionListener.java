package dev.understudy.server.net;

/**
 * Hears of publishers' sessions. Called by a media loop's thread: whoever implements it hands the event to a thread of
 * its own and returns at once.
 *
 * <p>For one session: {@link #connected} at most once, then {@link #firstMedia} at most once, and {@link #left} always
 * and last.
 */
public interface SessionListener {
    /** ICE and DTLS are done; media may come. */
    void connected(SessionFacts session);

    /** The first packet of media has come. */
    void firstMedia(SessionFacts session);

    /** The session is over, whether it was ever connected or not. */
    void left(SessionFacts session, LeaveReason reason);
}
