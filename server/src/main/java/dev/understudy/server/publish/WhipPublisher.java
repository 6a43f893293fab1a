package dev.understudy.server.publish;

import dev.understudy.protocol.stun.IceCredentials;
import dev.understudy.server.net.DtlsCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher that plays a clip in a loop to a WHIP server, over real HTTP, UDP, DTLS and SRTP. Thread-safe.
 *
 * <pre>
 *  CONNECTING ──► CONNECTED ──► ENDED
 *       └───────────────────────►
 * </pre>
 */
public final class WhipPublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WhipPublisher.class);

    /** Shared, because each has threads of its own. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /** How long close() waits for the goodbyes to leave. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private static final PublisherStatistics NOTHING = new PublisherStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final int FRAGMENT_CHARACTERS = 8;
    private static final int PASSWORD_CHARACTERS = 24;
    private static final String ICE_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /** What to publish, and where; {@code token} says on which stage and as whom. */
    public record Options(URI whipUrl, String token, Clip clip) {
        @Override
        public String toString() {
            return "Options[whipUrl=" + whipUrl + "]";
        }
    }

    /** Where the publisher is in its life. */
    public enum State {
        CONNECTING,
        CONNECTED,
        ENDED
    }

    private final WhipClient whip;
    private final URI sessionUrl;
    private final PublishLoop loop;
    private final PublishSession session;
    private final Thread thread;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile PublisherStatistics statistics = NOTHING;
    private volatile @Nullable String endReason;

    private WhipPublisher(WhipClient whip, WhipClient.Opened opened, PublishLoop loop, PublishSession.Local local)
            throws IOException {
        this.whip = whip;
        this.sessionUrl = opened.session();
        this.loop = loop;
        this.session = new PublishSession(
                local,
                WhipAnswer.read(opened.answer()),
                InstantSource.system(),
                System.nanoTime(),
                loop,
                loop::send,
                new PublishSession.Events() {
                    @Override
                    public void connected() {
                        connected.countDown();
                    }

                    @Override
                    public void ended(String reason) {
                        end(reason);
                    }
                });
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("publisher-" + local.ids().video())
                .unstarted(this::run);
    }

    /**
     * Opens a session at the server and begins to connect. Returns once HTTP is done; see {@link #awaitConnected}.
     *
     * @throws IOException with the server's own words when it refuses
     */
    public static WhipPublisher start(Options options) throws IOException, InterruptedException {
        var whip = new WhipClient(HTTP, options.token());
        var loop = new PublishLoop();
        try {
            PublishSession.Local local = local(options.clip());
            InetSocketAddress host = loop.addressTowards(options.whipUrl());
            WhipClient.Opened opened = whip.open(options.whipUrl(), offer(local, host));
            WhipPublisher publisher = connect(whip, opened, loop, local);
            publisher.thread.start();
            return publisher;
        } catch (IOException | InterruptedException | RuntimeException e) {
            loop.close();
            throw e;
        }
    }

    /** An answer that is of no use must not leave a session behind. */
    private static WhipPublisher connect(
            WhipClient whip, WhipClient.Opened opened, PublishLoop loop, PublishSession.Local local)
            throws IOException, InterruptedException {
        try {
            return new WhipPublisher(whip, opened, loop, local);
        } catch (IOException unusable) {
            whip.end(opened.session());
            throw unusable;
        }
    }

    private static PublishSession.Local local(Clip clip) {
        var random = new SecureRandom();
        var ice = new IceCredentials(characters(FRAGMENT_CHARACTERS, random), characters(PASSWORD_CHARACTERS, random));
        var ids = new WhipOffer.StreamIds(ssrc(random), ssrc(random), ssrc(random), "understudy-" + ssrc(random));
        return new PublishSession.Local(clip, ice, DtlsCertificate.selfSigned(Instant.now()), ids, random);
    }

    private static String offer(PublishSession.Local local, InetSocketAddress host) {
        long sessionId = local.random().nextLong(Long.MAX_VALUE);
        boolean hasAudio = !local.clip().audio().isEmpty();
        boolean hasVideo = !local.clip().video().isEmpty();
        var fingerprint = local.certificate().fingerprint();
        return new WhipOffer(sessionId, local.ice(), fingerprint, host, hasAudio, hasVideo, local.ids()).text();
    }

    private static String characters(int count, RandomGenerator random) {
        return random.ints(count, 0, ICE_CHARACTERS.length())
                .collect(StringBuilder::new, (text, i) -> text.append(ICE_CHARACTERS.charAt(i)), StringBuilder::append)
                .toString();
    }

    private static long ssrc(RandomGenerator random) {
        return random.nextLong(1, 1L << 32);
    }

    private void run() {
        try (loop) {
            loop.run(session, this::publishStatistics);
        } catch (IOException | RuntimeException e) {
            log.atWarn().setCause(e).addKeyValue("session", sessionUrl).log("publisher stopped");
            end(e.toString());
        }
    }

    private void publishStatistics() {
        ClipSender sender = session.sender();
        if (sender != null) {
            statistics = sender.statistics();
        }
    }

    private void end(String reason) {
        if (endReason == null) {
            endReason = reason;
        }
        connected.countDown();
        ended.countDown();
        loop.stop();
    }

    /** Waits until media flows; false when that did not come to pass within {@code patience}. */
    public boolean awaitConnected(Duration patience) throws InterruptedException {
        return connected.await(patience.toNanos(), TimeUnit.NANOSECONDS) && state() == State.CONNECTED;
    }

    /** Waits until the session is over, for whatever reason; false when it is not within {@code patience}. */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    public State state() {
        if (ended.getCount() == 0) {
            return State.ENDED;
        }
        return connected.getCount() == 0 ? State.CONNECTED : State.CONNECTING;
    }

    /** Why it has ended, for people to read; empty while it has not. */
    public Optional<String> endReason() {
        return Optional.ofNullable(endReason);
    }

    public PublisherStatistics statistics() {
        return statistics;
    }

    /** Where the session is ended, as the server named it. */
    public URI sessionUrl() {
        return sessionUrl;
    }

    /** Stops sending sound or pictures, or goes on with them. Without effect until connected. */
    public void mute(boolean audio, boolean video) {
        loop.execute(() -> {
            ClipSender sender = session.sender();
            if (sender != null) {
                sender.mute(audio, video);
            }
        });
    }

    /** Ends without a word to the server, as a publisher does whose network breaks. */
    public void vanish() {
        isOver.set(true);
        loop.execute(() -> end("vanished"));
        join();
    }

    /** Says goodbye in RTCP, DTLS and HTTP, and waits for it. Closing again has no effect. */
    @Override
    public void close() {
        if (isOver.getAndSet(true)) {
            return;
        }
        if (endReason == null) {
            endReason = "closed";
        }
        loop.execute(session::end);
        try {
            if (!awaitEnd(GOODBYE)) {
                end("closed");
            }
            whip.end(sessionUrl);
        } catch (IOException e) {
            log.atInfo()
                    .addKeyValue("session", sessionUrl)
                    .addKeyValue("reason", e.toString())
                    .log("session not deleted");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        join();
    }

    private void join() {
        try {
            thread.join(GOODBYE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
