package dev.understudy.server.net;

import dev.understudy.protocol.sdp.PublishAnswer;
import dev.understudy.protocol.sdp.PublishOffer;
import dev.understudy.protocol.stun.IceCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All media loops of a node: where sessions are opened and ended, and where the media of a stage is found.
 *
 * <p>A stage lives on one loop, chosen by its ARN, and so do all its publishers. Thread-safe; it hands what is to be done
 * to the loop's thread.
 */
public final class MediaPlane implements AutoCloseable {
    /** How long close_notify takes from the handshakes' threads to the sockets. */
    private static final long GOODBYE_MILLIS = 50;

    /** A loop that does not end by then hangs, and is left behind. */
    private static final long CLOSE_MILLIS = 2_000;

    /**
     * How to listen.
     *
     * @param hosts a socket each; never the wildcard
     * @param port of the first loop, the others have those behind it; 0 takes free ones
     * @param loops 1 or more: one thread and one port each
     * @param advertised addresses to name instead of {@code hosts}; empty to name those
     * @param maxSessions on one loop
     */
    public record Options(List<InetAddress> hosts, int port, int loops, List<InetAddress> advertised, int maxSessions) {
        public Options {
            hosts = List.copyOf(hosts);
            advertised = List.copyOf(advertised);
            if (hosts.isEmpty() || loops < 1 || maxSessions < 1) {
                throw new IllegalArgumentException(
                        "%d media hosts, %d loops, %d sessions".formatted(hosts.size(), loops, maxSessions));
            }
        }
    }

    /** Who wants to publish. */
    public record Participant(String stageArn, String participantId, String userId, Map<String, String> attributes) {
        public Participant {
            attributes = Map.copyOf(attributes);
        }
    }

    /** A session that waits for its client, and the answer that tells it where. */
    public record Opened(String sessionId, String answer) {}

    private record Node(MediaLoop loop, IceSessions sessions, StageRegistry stages, Thread thread) {}

    private final Options options;
    private final Handshake.Source handshakes;
    private final Secrets secrets = new Secrets();
    private final List<Node> nodes = new ArrayList<>();

    private MediaPlane(Options options, Handshake.Source handshakes) {
        this.options = options;
        this.handshakes = handshakes;
    }

    /** Binds all sockets and starts the loops. Throws {@link IOException} that names the address when one is taken. */
    public static MediaPlane start(Options options, DtlsCertificate certificate, SessionListener listener)
            throws IOException {
        return start(options, DtlsHandshake.source(certificate), listener);
    }

    static MediaPlane start(Options options, Handshake.Source handshakes, SessionListener listener) throws IOException {
        MediaPlane plane = new MediaPlane(options, handshakes);
        try {
            for (int i = 0; i < options.loops(); i++) {
                plane.nodes.add(plane.startLoop(i, listener));
            }
            return plane;
        } catch (IOException | RuntimeException e) {
            plane.close();
            throw e;
        }
    }

    private Node startLoop(int index, SessionListener listener) throws IOException {
        int port = options.port() == 0 ? 0 : options.port() + index;
        MediaLoop loop = new MediaLoop(options.hosts(), port, System::nanoTime);
        StageRegistry stages = new StageRegistry();
        IceSessions sessions = new IceSessions(options.maxSessions(), loop::send, stages, listener, loop::nowNanos);
        loop.drive(sessions);
        Thread thread = Thread.ofPlatform().name("media-" + index).start(loop);
        return new Node(loop, sessions, stages, thread);
    }

    /**
     * Opens a session for an offer. A session that the participant already has ends.
     *
     * <p>The listener hears of the end of each session that was opened, and of one for which there was no room; of none
     * when this throws, as it does when the loop has ended or does not answer.
     *
     * @param reachedBy the address of ours that the client knows already; its candidate comes first
     * @return empty when there are too many sessions
     */
    public Optional<Opened> open(Participant participant, PublishOffer offer, InetAddress reachedBy) {
        Node node = nodeOf(participant.stageArn());
        IceCredentials credentials = secrets.iceCredentials();
        SessionFacts facts = new SessionFacts(
                secrets.sessionId(),
                participant.stageArn(),
                participant.participantId(),
                participant.userId(),
                participant.attributes());
        PublishAnswer answer = new PublishAnswer(
                offer, secrets.sdpSessionId(), credentials, handshakes.fingerprint(), addresses(node, reachedBy));
        Opened opened = new Opened(facts.sessionId(), answer.text());
        PostedEvents events = new PostedEvents(node.loop, node.sessions);
        Handshake handshake = handshakes.begin(offer, events);
        boolean added = node.loop.call(() -> {
            WhipSession session = new WhipSession(
                    facts,
                    credentials,
                    Negotiation.settings(offer, secrets.ssrc()),
                    handshake,
                    node.sessions.host(),
                    node.loop.nowNanos());
            events.attach(session);
            return node.sessions.add(session);
        });
        return added ? Optional.of(opened) : Optional.empty();
    }

    /** Some clients read the first candidate only, so the one that surely reaches us comes first. */
    private List<InetSocketAddress> addresses(Node node, InetAddress reachedBy) {
        List<InetSocketAddress> local = node.loop.localAddresses();
        List<InetSocketAddress> named = options.advertised().isEmpty()
                ? local
                : options.advertised().stream()
                        .map(address ->
                                new InetSocketAddress(address, local.getFirst().getPort()))
                        .toList();
        return named.stream()
                .sorted(Comparator.comparing((InetSocketAddress address) ->
                                !address.getAddress().equals(reachedBy))
                        .thenComparing(address -> address.getAddress().getClass() != reachedBy.getClass()))
                .toList();
    }

    /** Ends a session on its client's wish; whether there was such a session. */
    public boolean end(String sessionId) {
        return nodes.stream().anyMatch(node -> node.loop.call(() -> node.sessions.end(sessionId, LeaveReason.DELETED)));
    }

    public boolean isOpen(String sessionId) {
        return nodes.stream().anyMatch(node -> node.loop.call(() -> node.sessions.has(sessionId)));
    }

    /** Ends the participant's session, if it has one. */
    public void disconnect(String stageArn, String participantId) {
        Node node = nodeOf(stageArn);
        node.loop.post(() -> node.sessions.disconnect(stageArn, participantId, LeaveReason.DISCONNECTED));
    }

    /** Ends all sessions on a stage that is no more, those too that are not connected yet. */
    public void disconnectAll(String stageArn) {
        Node node = nodeOf(stageArn);
        node.loop.post(() -> node.sessions.disconnectAll(stageArn, LeaveReason.DISCONNECTED));
    }

    /** Runs {@code task} on the loop that the stage lives on, soon. */
    public void post(String stageArn, Consumer<StageRegistry> task) {
        Node node = nodeOf(stageArn);
        node.loop.post(() -> task.accept(node.stages));
    }

    /** Asks the loop that the stage lives on, and waits. Not for a loop's own thread. */
    public <T> T call(String stageArn, Function<StageRegistry, T> question) {
        Node node = nodeOf(stageArn);
        return node.loop.call(() -> question.apply(node.stages));
    }

    /** Asks every loop, and waits; one answer for each. For metrics. */
    public <T> List<T> callAll(Function<StageRegistry, T> question) {
        return nodes.stream()
                .map(node -> node.loop.call(() -> question.apply(node.stages)))
                .toList();
    }

    /** Sessions of all loops, connected or not. */
    public int sessions() {
        return nodes.stream()
                .mapToInt(node -> node.loop.call(node.sessions::size))
                .sum();
    }

    /** Datagrams that all loops have dropped for this reason. */
    public long dropped(DropReason reason) {
        return nodes.stream()
                .mapToLong(node -> node.sessions.drops().of(reason))
                .sum();
    }

    /** Datagrams that the kernel did not take. */
    public long sendFailures() {
        return nodes.stream().mapToLong(node -> node.loop.sendFailures()).sum();
    }

    /** Whether all loops go on; one that has ended does not come back, and its stages have no media. */
    public boolean isAlive() {
        return nodes.stream().allMatch(node -> node.thread.isAlive());
    }

    /** Where media is received, loop by loop. */
    public List<InetSocketAddress> localAddresses() {
        return nodes.stream()
                .flatMap(node -> node.loop.localAddresses().stream())
                .toList();
    }

    private Node nodeOf(String stageArn) {
        return nodes.get(Math.floorMod(stageArn.hashCode(), nodes.size()));
    }

    /** Ends all sessions and the loops, and leaves the handshakes a moment to say goodbye. */
    @Override
    public void close() {
        try {
            for (Node node : nodes) {
                node.loop.post(() -> node.sessions.endAll(LeaveReason.SHUTDOWN));
            }
            Thread.sleep(GOODBYE_MILLIS);
            nodes.forEach(node -> node.loop.close());
            for (Node node : nodes) {
                node.thread.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            nodes.forEach(node -> node.loop.close());
            Thread.currentThread().interrupt();
        }
    }
}
