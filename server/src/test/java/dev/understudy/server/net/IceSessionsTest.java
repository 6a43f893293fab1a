package dev.understudy.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.ingest.PublisherSettings;
import dev.understudy.media.ingest.Track;
import dev.understudy.protocol.srtp.SrtpKeys;
import dev.understudy.protocol.srtp.SrtpProfile;
import dev.understudy.protocol.srtp.SrtpReceiver;
import dev.understudy.protocol.srtp.SrtpSender;
import dev.understudy.protocol.stun.IceCredentials;
import dev.understudy.protocol.stun.StunMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class IceSessionsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final InetSocketAddress LOCAL = loopback(1, 8481);
    private static final String PASSWORD = "passwordpasswordpassword";
    private static final byte[] DTLS = {22, (byte) 254, (byte) 253, 0, 0};
    private static final byte[] RTP = {(byte) 0x80, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    /** Writes down what a session asks of its handshake. */
    private static final class FakeHandshake implements Handshake {
        final List<String> calls = new ArrayList<>();

        @Override
        public void pathFound() {
            calls.add("path");
        }

        @Override
        public void received(ByteBuffer datagram) {
            calls.add("record of " + datagram.remaining());
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    private final RecordedEvents events = new RecordedEvents();
    private final List<Path> sentTo = new ArrayList<>();
    private final FakeHandshake handshake = new FakeHandshake();
    private final StageRegistry stages = new StageRegistry();
    private final IceSessions sessions = new IceSessions(3, (bytes, path) -> sentTo.add(path), stages, events, () -> 0);
    private WhipSession alice;

    @BeforeEach
    void addAlice() {
        alice = session("alice", handshake, 0);
        assertThat(sessions.add(alice)).isTrue();
    }

    @Test
    void believesAPathOnlyAfterAnAuthenticCheck() {
        receive(DTLS, path(1), 0);
        receive(RTP, path(1), 0);
        receive(check("alice", "wrong-wrong-wrong-wrong", true), path(1), 0);
        receive(DTLS, path(1), 0);
        assertThat(handshake.calls).isEmpty();
        assertThat(sessions.drops().of(DropReason.UNVALIDATED_PATH)).isEqualTo(3);
        assertThat(sessions.drops().of(DropReason.STUN_UNAUTHENTICATED)).isEqualTo(1);

        receive(check("alice", PASSWORD, true), path(1), 0);
        receive(DTLS, path(1), 0);
        receive(RTP, path(1), 0);

        assertThat(handshake.calls).containsExactly("path", "record of 5");
        assertThat(sessions.drops().of(DropReason.NOT_CONNECTED)).isEqualTo(1);
    }

    @Test
    void knowsAPathByBothItsEnds() {
        receive(check("alice", PASSWORD, true), path(1), 0);
        receive(DTLS, new Path(loopback(2, 8481), path(1).peer()), 0);

        assertThat(handshake.calls).containsExactly("path");
    }

    @Test
    void answersNoStunThatIsNotForOneOfItsSessions() {
        receive(check("nobody", PASSWORD, true), path(1), 0);
        receive(new byte[] {0, 1, 0, 0}, path(1), 0);
        receive(new byte[] {99}, path(1), 0);

        assertThat(sentTo).isEmpty();
        assertThat(sessions.drops().of(DropReason.STUN_UNKNOWN)).isEqualTo(2);
        assertThat(sessions.drops().of(DropReason.UNKNOWN_KIND)).isEqualTo(1);
    }

    @Test
    void sendsToThePathThatWasNominatedLast() {
        receive(check("alice", PASSWORD, false), path(1), 0);
        alice.sendDtls(ByteBuffer.allocate(1));
        receive(check("alice", PASSWORD, true), path(2), 0);
        alice.sendDtls(ByteBuffer.allocate(1));
        receive(check("alice", PASSWORD, false), path(3), 0);
        alice.sendDtls(ByteBuffer.allocate(1));

        assertThat(sentTo).containsExactly(path(1), path(1), path(2), path(2), path(3), path(2));
    }

    @Test
    void forgetsTheOldestPathButNotTheOneInUse() {
        for (int port = 1; port <= WhipSession.MAX_PATHS + 3; port++) {
            receive(check("alice", PASSWORD, port == 1), path(port), 0);
        }

        assertThat(alice.paths())
                .hasSize(WhipSession.MAX_PATHS)
                .contains(path(1))
                .doesNotContain(path(2), path(4));
        receive(DTLS, path(2), 0);
        assertThat(sessions.drops().of(DropReason.UNVALIDATED_PATH)).isEqualTo(1);
    }

    @Test
    void leavesAPathToTheSessionThatIsHeardOnIt() {
        FakeHandshake other = new FakeHandshake();
        sessions.add(session("bob", other, 0));
        receive(check("alice", PASSWORD, true), path(1), 0);
        receive(check("bob", PASSWORD, true), path(1), IceSessions.PATH_HELD_NANOS - 1);
        receive(DTLS, path(1), IceSessions.PATH_HELD_NANOS - 1);
        assertThat(other.calls).isEmpty();
        assertThat(sessions.drops().of(DropReason.PATH_TAKEN)).isEqualTo(1);

        receive(check("bob", PASSWORD, true), path(1), IceSessions.PATH_HELD_NANOS);
        receive(DTLS, path(1), IceSessions.PATH_HELD_NANOS);

        assertThat(other.calls).containsExactly("path", "record of 5");
        assertThat(alice.paths()).isEmpty();
    }

    @Test
    void endsASessionThatDoesNotConnectInTime() {
        receive(check("alice", PASSWORD, true), path(1), 29 * SECOND);
        sessions.elapsed(30 * SECOND - 1);
        assertThat(events.events).isEmpty();
        assertThat(sessions.deadlineNanos()).isEqualTo(30 * SECOND);

        sessions.elapsed(30 * SECOND);

        assertThat(events.events).containsExactly("left alice NEVER_CONNECTED");
        assertThat(handshake.calls).endsWith("close");
        assertThat(sessions.size()).isZero();
        receive(DTLS, path(1), 30 * SECOND);
        assertThat(sessions.drops().of(DropReason.UNVALIDATED_PATH)).isEqualTo(1);
    }

    @Test
    void endsAConnectedSessionAfterFifteenSecondsOfSilence() {
        receive(check("alice", PASSWORD, true), path(1), 0);
        connect(alice, 1 * SECOND);
        receive(check("alice", PASSWORD, true), path(1), 10 * SECOND);
        receive(RTP, path(1), 20 * SECOND);
        sessions.elapsed(25 * SECOND - 1);
        assertThat(events.events).containsExactly("connected alice");

        sessions.elapsed(25 * SECOND);

        assertThat(events.events).containsExactly("connected alice", "left alice SILENT");
        assertThat(sessions.drops().of(DropReason.SRTP_REFUSED)).isEqualTo(1);
        assertThat(stages.publishers("stage")).isEmpty();
    }

    @Test
    void aParticipantThatComesAgainTakesItsOwnPlace() {
        sessions.add(session("bob", new FakeHandshake(), 0));
        sessions.add(session("carol", new FakeHandshake(), 0));
        WhipSession again = new WhipSession(
                facts("alice"),
                new IceCredentials("again", PASSWORD),
                settings(),
                new FakeHandshake(),
                sessions.host(),
                0);

        assertThat(sessions.add(again)).isTrue();
        assertThat(sessions.add(session("dave", new FakeHandshake(), 0))).isFalse();
        assertThat(events.events).containsExactly("left alice REPLACED", "left dave NO_ROOM");
    }

    @Test
    void endsAllOnAStageHoweverFarTheyAre() {
        receive(check("alice", PASSWORD, true), path(1), 0);
        connect(alice, 0);
        sessions.add(session("bob", new FakeHandshake(), 0));
        SessionFacts elsewhere = new SessionFacts("id of carol", "another stage", "carol", "user", Map.of());
        sessions.add(session(elsewhere, new FakeHandshake(), 0));

        sessions.disconnectAll("stage", LeaveReason.DISCONNECTED);

        assertThat(events.events)
                .containsExactly("connected alice", "left alice DISCONNECTED", "left bob DISCONNECTED");
        assertThat(sessions.size()).isEqualTo(1);
        assertThat(stages.publishers("stage")).isEmpty();
    }

    @Test
    void whatAHandshakeSaysAfterTheEndChangesNothing() {
        sessions.end(alice, LeaveReason.DELETED);
        sessions.end(alice, LeaveReason.CLOSED);

        assertThat(events.events).containsExactly("left alice DELETED");
    }

    @RepeatedTest(200)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        receive(check("alice", PASSWORD, true), path(1), 0);
        connect(alice, 0);
        var random = new SplittableRandom(run.getCurrentRepetition());
        for (int i = 0; i < 50; i++) {
            byte[] datagram = new byte[random.nextInt(0, 200)];
            random.nextBytes(datagram);
            receive(datagram, path(random.nextInt(1, 3)), i);
            byte[] broken = check("alice", PASSWORD, true);
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            receive(broken, path(2), i);
        }

        assertThat(sessions.size()).isEqualTo(1);
    }

    private void receive(byte[] datagram, Path path, long nowNanos) {
        sessions.received(ByteBuffer.wrap(datagram.clone()), path, nowNanos);
    }

    private static void connect(WhipSession session, long nowNanos) {
        SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
        SrtpKeys keys = new SrtpKeys(new byte[profile.masterKeyBytes()], new byte[profile.masterSaltBytes()]);
        session.connected(new SrtpReceiver(profile, keys), new SrtpSender(profile, keys), nowNanos);
    }

    private WhipSession session(String name, Handshake handshake, long nowNanos) {
        return session(facts(name), handshake, nowNanos);
    }

    private WhipSession session(SessionFacts facts, Handshake handshake, long nowNanos) {
        IceCredentials credentials = new IceCredentials(facts.participantId(), PASSWORD);
        return new WhipSession(facts, credentials, settings(), handshake, sessions.host(), nowNanos);
    }

    private static SessionFacts facts(String participantId) {
        return new SessionFacts("id of " + participantId, "stage", participantId, "user", Map.of());
    }

    private static PublisherSettings settings() {
        var audio = new PublisherSettings.Format(Track.audio(2), "0", 111, PublisherSettings.NONE, false, false);
        return new PublisherSettings(List.of(audio), 0, 0, 1);
    }

    private static byte[] check(String fragment, String password, boolean nominates) {
        return StunMessage.bindingRequest(new byte[12], fragment + ":peer", password, 1, nominates, true, 1);
    }

    private static Path path(int port) {
        return new Path(LOCAL, loopback(9, port));
    }

    private static InetSocketAddress loopback(int last, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
