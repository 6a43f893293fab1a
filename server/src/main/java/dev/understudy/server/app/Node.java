package dev.understudy.server.app;

import dev.understudy.control.ControlApi;
import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.Api;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Gate;
import dev.understudy.control.api.Ids;
import dev.understudy.control.api.SigV4Verifier;
import dev.understudy.control.api.Throttle;
import dev.understudy.control.credential.CredentialsFile;
import dev.understudy.control.credential.PermissionsFile;
import dev.understudy.control.event.SinksFile;
import dev.understudy.control.resource.Endpoints;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Store;
import dev.understudy.control.store.StoreException;
import dev.understudy.control.token.NodeKey;
import dev.understudy.media.record.RecordingCheck;
import dev.understudy.media.record.RecordingReport;
import dev.understudy.server.composition.CompositionMetrics;
import dev.understudy.server.composition.CompositionRuns;
import dev.understudy.server.composition.Reports;
import dev.understudy.server.composition.RunContext;
import dev.understudy.server.event.EventSinks;
import dev.understudy.server.event.WatchRoutes;
import dev.understudy.server.http.Health;
import dev.understudy.server.http.HttpServer;
import dev.understudy.server.http.JoinLimit;
import dev.understudy.server.http.WhipRoutes;
import dev.understudy.server.metrics.NodeMetrics;
import dev.understudy.server.net.DtlsAssociation;
import dev.understudy.server.net.DtlsCertificate;
import dev.understudy.server.net.MediaPlane;
import dev.understudy.server.playback.PlaybackRoutes;
import dev.understudy.server.storage.DirectoryBuckets;
import dev.understudy.server.testing.Faults;
import dev.understudy.server.testing.Reach;
import dev.understudy.server.testing.SimulatedParticipants;
import dev.understudy.server.testing.TestClock;
import dev.understudy.server.testing.TestControls;
import dev.understudy.server.testing.TestRoutes;
import dev.understudy.server.worker.WorkerOptions;
import dev.understudy.server.worker.WorkerPool;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole node, wired in one place: what {@code understudy run} runs, and what the demo and the tests start in their own
 * process.
 *
 * <p>Whoever starts one closes it. Thread-safe.
 */
public final class Node implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Node.class);

    /** More than a worker has to start: without a spare one starts from nothing, and the first may fail. */
    private static final Duration CLAIM_LIMIT = Duration.ofSeconds(40);

    /** Publishers' connections on the media loop. One loop forwards fewer than that. */
    private static final int MAX_SESSIONS = 2_000;

    private static final long DRAIN_SECONDS = 7;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Config config;
    private final TestClock clock = new TestClock(InstantSource.system());
    private final Faults faults = new Faults();
    private final Throttle throttle = new Throttle(System::nanoTime);
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("timers").factory());
    private final Deque<AutoCloseable> toClose;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompositionMetrics compositionMetrics = new CompositionMetrics();
    private final DataFolder folder;
    private final URI url;
    private final DirectoryBuckets buckets;
    private final CredentialsFile credentials;
    private final DtlsCertificate certificate;
    private final WorkerPool workers;
    private final MediaPlane media;
    private final CompositionRuns compositions;
    private final JoinLimit joinLimit;
    private final NodeMetrics metrics;
    private final ControlApi control;
    private final WatchRoutes watch;
    private final HttpServer http;

    /** @param toClose takes every part that has to be closed, the last first, as soon as it is there */
    private Node(Config config, Deque<AutoCloseable> toClose) throws IOException {
        this.config = config;
        this.toClose = toClose;
        Ahead<Api> api = Ahead.of("api", Api::new);
        Ahead<DtlsCertificate> ownCertificate =
                Ahead.of("certificate", () -> DtlsCertificate.selfSigned(clock.instant()));
        this.folder = DataFolder.open(config.dataDir());
        Store store = closing(Store.open(folder.database()));
        home().claim(store);
        NodeKey nodeKey = NodeKey.load(folder.nodeKey(), RANDOM);
        this.buckets = new DirectoryBuckets(folder.buckets());
        this.workers = closing(new WorkerPool(WorkerOptions.likeThisProcess(), CLAIM_LIMIT, folder.sockets()));
        this.certificate = ownCertificate.get();
        StageDoor door = closing(new StageDoor(clock, workers::warm));
        this.media = closing(MediaPlane.start(
                new MediaPlane.Options(
                        config.network().mediaHosts(),
                        config.network().mediaPort(),
                        1,
                        config.network().advertised(),
                        MAX_SESSIONS),
                certificate,
                door));
        Reports reports = closing(new Reports());
        this.compositions = new CompositionRuns(runContext(reports), buckets);
        this.joinLimit = new JoinLimit(config.network().joinsPerAddress(), System::nanoTime);
        this.metrics = closing(new NodeMetrics(media, compositions, compositionMetrics, joinLimit));
        HostPort address = config.network().http().withFreePort();
        this.url = config.network()
                .publicUrl()
                .orElseGet(() -> URI.create("http://" + config.network().reachable(address)));
        var participants = new SimulatedParticipants(new StageConnections(media));
        this.control = new ControlApi(foundation(store, nodeKey), nodeKey, participants, compositions);
        reports.connect(control.compositionReports());
        door.connect(control.tokens(), control.participants());
        participants.connect(door::enter, door);
        EventSinks sinks = closing(EventSinks.start(SinksFile.read(folder.sinks()), control.events(), clock));
        metrics.add(sinks);
        this.credentials = CredentialsFile.open(folder.credentials(), config.region(), url, RANDOM);
        SigV4Verifier verifier = new SigV4Verifier(this::accessKey, config.region(), InstantSource.system());
        PermissionsFile permissions =
                PermissionsFile.open(folder.permissions(), credentials::profiles, home(), control::bucketOf);
        this.watch = closing(new WatchRoutes(
                control.events(),
                sinks,
                nodeKey.derive("watch session"),
                this::accessKey,
                verifier::verify,
                permissions,
                url));
        this.http = closing(HttpServer.start(
                new InetSocketAddress(address.host(), address.port()),
                dispatcher(api.get(), verifier, permissions),
                routing -> addRoutes(routing, door, participants)));
    }

    private RunContext runContext(Reports reports) {
        return new RunContext(
                media, workers, reports, System::nanoTime, clock, timers, config.playoutDelay(), compositionMetrics);
    }

    private Foundation foundation(Store store, NodeKey nodeKey) {
        return new Foundation(
                store,
                new Pages(nodeKey.derive("page token")),
                home(),
                new Ids(RANDOM),
                clock,
                Endpoints.of(url),
                config.rules());
    }

    private Home home() {
        return new Home(config.region(), config.accountId());
    }

    private Dispatcher dispatcher(Api api, SigV4Verifier verifier, PermissionsFile permissions) {
        return new Dispatcher(
                control.register(api),
                verifier,
                new Dispatcher.Gates(permissions, gate()),
                InstantSource.system(),
                RequestIds::next);
    }

    private Gate gate() {
        Gate rates = config.rules().isThrottled() ? throttle : Gate.OPEN;
        return config.testControls() == Reach.NOBODY ? rates : rates.then(faults);
    }

    private void refill() {
        throttle.refill();
        joinLimit.refill();
    }

    private Optional<AccessKey> accessKey(String id) {
        return credentials
                .find(id)
                .map(known -> new AccessKey(
                        known.accessKeyId(), known.profile(), known.secretAccessKey(), known.sessionToken()));
    }

    private void addRoutes(HttpRouting.Builder routing, StageDoor door, SimulatedParticipants participants) {
        routing.register("/health", new Health(() -> !closing.get() && media.isAlive()));
        routing.register(metrics);
        routing.register(watch);
        routing.register(new WhipRoutes(media, door, joinLimit, config.network().publicUrl()));
        if (config.testControls() != Reach.NOBODY) {
            var controls = new TestControls(control, clock, faults, participants, door::settle, this::refill);
            routing.register(TestRoutes.PATH, new TestRoutes(controls, config.testControls()));
        }
        if (config.serveRecordings()) {
            routing.register(new PlaybackRoutes(buckets));
        }
    }

    /**
     * Starts a node and takes up what an earlier one in the same folder has left.
     *
     * @throws StartException with a message for the operator when something is in the way
     */
    public static Node start(Config config) {
        LibraryLog.quieten();
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            Node node = new Node(config, parts);
            node.resume();
            return node;
        } catch (IOException | StoreException | UncheckedIOException | IllegalStateException e) {
            close(parts);
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            close(parts);
            throw e;
        }
    }

    /** Nobody is connected to a node that has just started, but compositions go on and wait for those who come back. */
    private void resume() {
        control.participants().recover(clock.instant());
        control.compositionReports().unfinished().forEach(compositions::start);
        Thread.ofVirtual().name("warm-up").start(() -> DtlsAssociation.warmUp(certificate));
        var _ = timers.scheduleWithFixedDelay(this::letTimePass, 1, 1, TimeUnit.SECONDS);
    }

    /** One failure, of the disk for example, must not be the last time that time passes. */
    private void letTimePass() {
        try {
            control.elapsed(clock.instant());
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("time did not pass for compositions and sessions");
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        toClose.push(part);
        return part;
    }

    /** Where clients reach the API, WHIP and the pages; no slash at the end. */
    public URI url() {
        return url;
    }

    /** An AWS shared-credentials file. */
    public Path credentialsFile() {
        return credentials.path();
    }

    /** Where media is received. */
    public List<InetSocketAddress> mediaAddresses() {
        return media.localAddresses();
    }

    /** The node's own access key: the first of its credentials file. */
    public CredentialsFile.Credentials accessKey() {
        return credentials.credentials().getFirst();
    }

    /** A client with the node's own credentials; the caller closes it. */
    public ApiClient client() {
        CredentialsFile.Credentials key = accessKey();
        return new ApiClient(url, config.region(), key.accessKeyId(), key.secretAccessKey());
    }

    /** Where the files of a bucket are. */
    public Path bucketFolder(String bucket) {
        return folder.buckets().resolve(bucket);
    }

    /** Reads a recording again, every file of it. */
    public RecordingReport check(String bucketName, String prefix) {
        return RecordingCheck.check(prefix, key -> {
            try {
                return buckets.open(bucketName).get(key);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Waits until {@link #close} has done its work. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /** Ends in order: nobody new comes in, compositions are finished and STOPPED, then everything else; once. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try {
            watch.close();
            http.close();
            stopCompositions();
            compositions.awaitAll(DRAIN_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            timers.shutdownNow();
            close(toClose);
            closed.countDown();
        }
    }

    /** A store that is away must not keep recordings from being finalised. */
    private void stopCompositions() {
        try {
            control.compositionReports().stopAll(clock.instant());
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("compositions could not be marked as stopping");
        }
        compositions.stopAll();
    }

    private static void close(Deque<AutoCloseable> parts) {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                log.atWarn().setCause(e).log("part of the node did not close");
            }
        }
    }
}
