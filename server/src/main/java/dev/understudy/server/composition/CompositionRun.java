package dev.understudy.server.composition;

import dev.understudy.control.composition.CompositionSpec;
import dev.understudy.media.link.LinkMessage;
import dev.understudy.media.record.CompositeRecording;
import dev.understudy.server.worker.Worker;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One composition from StartComposition to its end: lets a worker render what is published, records what comes back, and
 * puts another worker in the place of one that died.
 *
 * <pre>
 *   WAITING --publisher--> RUNNING --stop--> DRAINING --drained, worker gone, late--> ENDED
 *      |                    |   ^                                                       ^
 *      |                    +---+ worker gone: the seam                                 |
 *      +--stop--------------------------------------------------------------------------+
 * </pre>
 *
 * <p>WAITING costs a row and this object: no worker, no file. All state is confined to the run's mailbox, one virtual
 * thread that takes one task after another; packets do not pass here, see {@link WorkerFeed}. A worker's reader waits
 * while {@value #MAX_QUEUED_MESSAGES} of its messages wait here, so a slow bucket presses on the compositor, which then
 * repeats pictures; nothing encoded is dropped. {@link #begin}, {@link #stop} and {@link #awaitEnd} are for any thread.
 */
final class CompositionRun {
    private static final Logger log = LoggerFactory.getLogger(CompositionRun.class);

    /** About two seconds of one composition's frames. */
    private static final int MAX_QUEUED_MESSAGES = 256;

    /** A worker that has nothing left to do but its last ticks needs no longer. */
    private static final long DRAIN_SECONDS = 5;

    /** Workers that die one after another without a single frame are not going to get better. */
    private static final int MAX_BARREN_WORKERS = 5;

    private enum Phase {
        WAITING,
        RUNNING,
        DRAINING,
        ENDED
    }

    private final CompositionSpec spec;
    private final RunContext context;
    private final RecordingFolder folder;
    private final WorkerSettings settings;
    private final Runnable whenEnded;
    private final WorkerFeed feed;
    private final ExecutorService mailbox;
    private final Semaphore room = new Semaphore(MAX_QUEUED_MESSAGES);
    private final CountDownLatch ended = new CountDownLatch(1);

    private Phase phase = Phase.WAITING;
    private @Nullable Worker worker;
    private @Nullable Messages messages;
    private @Nullable Epoch epoch;
    private @Nullable CompositeRecording recording;
    private boolean isActive;
    private int barrenWorkers;

    CompositionRun(
            CompositionSpec spec,
            RunContext context,
            RecordingFolder folder,
            WorkerSettings settings,
            Runnable whenEnded) {
        this.spec = spec;
        this.context = context;
        this.folder = folder;
        this.settings = settings;
        this.whenEnded = whenEnded;
        this.feed = new WorkerFeed(spec.stageArn(), () -> post(this::publisherCame));
        this.mailbox = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("composition-" + spec.id()).factory());
    }

    /** Watches the stage, and renders as soon as somebody publishes there. */
    void begin() {
        context.media().post(spec.stageArn(), feed::begin);
    }

    /** Ends the composition in order; a second time changes nothing. */
    void stop() {
        post(this::stopNow);
    }

    /** Waits until all is written, or so much time has passed. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    private void publisherCame() {
        if (phase != Phase.WAITING) {
            return;
        }
        phase = Phase.RUNNING;
        Worker claimed = claim();
        if (claimed != null) {
            Epoch begun = context.epoch();
            epoch = begun;
            recording = folder.open(begun.at());
            log.atInfo().addKeyValue("composition", spec.arn()).log("composition began to render");
            render(claimed, begun, 0);
        }
    }

    /** A worker of our own; null when there is none, and the composition has failed. Waits while one starts. */
    private @Nullable Worker claim() {
        var listening = new Messages();
        messages = listening;
        try {
            worker = context.workers().claim(listening);
            return worker;
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("the node ends");
        }
        return null;
    }

    /** Lets a worker render from {@code firstTick} on; the feed then tells it who publishes. */
    private void render(Worker claimed, Epoch from, long firstTick) {
        claimed.send(settings.configure(from.nanos(), firstTick));
        context.media().post(spec.stageArn(), _ -> feed.attach(claimed));
    }

    /** What one worker says, on its reader's thread, handed to the mailbox; the reader waits while that is full. */
    private final class Messages implements Worker.Sink {
        @Override
        public void received(LinkMessage.ToNode message) {
            room.acquireUninterruptibly();
            boolean isTaken = post(() -> {
                room.release();
                workerSaid(this, message);
            });
            if (!isTaken) {
                room.release();
            }
        }

        @Override
        public void keyFrameNeeded(int track) {
            context.media().post(spec.stageArn(), _ -> feed.requestKeyFrame(track));
        }

        @Override
        public void gone(String reason) {
            post(() -> workerGone(this, reason));
        }
    }

    private void workerSaid(Messages source, LinkMessage.ToNode message) {
        CompositeRecording to = recording;
        Worker from = worker;
        if (source != messages || from == null || to == null) {
            return;
        }
        try {
            handle(message, to);
        } catch (IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("composition", spec.arn())
                    .addKeyValue("reason", String.valueOf(e.getMessage()))
                    .log("worker sent what cannot be recorded");
            from.kill("it sent what cannot be recorded");
        }
    }

    private void handle(LinkMessage.ToNode message, CompositeRecording to) {
        switch (message) {
            case LinkMessage.CodecConfig config ->
                to.codecConfig(config.sps(), config.pps(), config.audioSpecificConfig());
            case LinkMessage.VideoFrame frame -> videoCame(frame, to);
            case LinkMessage.AudioFrame frame -> to.audio(frame.sample(), frame.frame());
            case LinkMessage.RequestKeyFrame request ->
                context.media().post(spec.stageArn(), _ -> feed.requestKeyFrame(request.track()));
            case LinkMessage.Drained _ -> finish();
            case LinkMessage.Broken broken ->
                log.atWarn()
                        .addKeyValue("composition", spec.arn())
                        .addKeyValue("reason", broken.reason())
                        .log("worker gave up");
            case LinkMessage.FirstShown shown ->
                log.atInfo()
                        .addKeyValue("composition", spec.arn())
                        .addKeyValue("publisher", shown.publisher())
                        .addKeyValue("tick", shown.tick())
                        .log("publisher was seen first");
            case LinkMessage.Statistics statistics -> context.metrics().counted(spec.arn(), statistics);
            case LinkMessage.Ready _, LinkMessage.Pong _ -> {}
        }
    }

    private void videoCame(LinkMessage.VideoFrame frame, CompositeRecording to) {
        to.video(frame.tick(), frame.isKeyFrame(), frame.accessUnit());
        barrenWorkers = 0;
        if (!isActive) {
            isActive = true;
            Instant at = context.now();
            context.reports().add(reports -> reports.firstFrame(spec.arn(), at));
        }
    }

    /** The seam: what is whole is closed, and another worker goes on at the tick that is due now. */
    private void workerGone(Messages source, String reason) {
        Worker dead = worker;
        if (source != messages || dead == null) {
            return;
        }
        context.media().post(spec.stageArn(), _ -> feed.detach(dead));
        worker = null;
        context.metrics().workerEnded(spec.arn());
        Epoch begun = epoch;
        CompositeRecording broken = recording;
        if (phase == Phase.DRAINING) {
            finish();
        } else if (phase == Phase.RUNNING && begun != null && broken != null) {
            log.atWarn()
                    .addKeyValue("composition", spec.arn())
                    .addKeyValue("reason", reason)
                    .log("worker died, another goes on");
            context.metrics().workerDied();
            goOn(begun, broken, reason);
        }
    }

    private void goOn(Epoch begun, CompositeRecording broken, String reason) {
        barrenWorkers++;
        if (barrenWorkers > MAX_BARREN_WORKERS) {
            fail("workers die before their first frame: " + reason);
            return;
        }
        Worker claimed = claim();
        if (claimed != null) {
            long nextTick = dueTick(begun) + 1;
            broken.seam(nextTick, begun.at().plus(settings.ticks().offset(nextTick)));
            render(claimed, begun, nextTick);
        }
    }

    private long dueTick(Epoch begun) {
        return settings.ticks().at(context.nanoClock().getAsLong() - begun.nanos());
    }

    private void stopNow() {
        switch (phase) {
            case WAITING -> finish();
            case RUNNING -> drain();
            case DRAINING, ENDED -> {}
        }
    }

    private void drain() {
        phase = Phase.DRAINING;
        Worker draining = worker;
        Epoch begun = epoch;
        if (draining == null || begun == null) {
            finish();
            return;
        }
        draining.send(new LinkMessage.Stop(Math.max(0, dueTick(begun))));
        var _ = context.timers().schedule(() -> post(this::finish), DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    private void finish() {
        if (phase == Phase.ENDED) {
            return;
        }
        release();
        Instant now = context.now();
        CompositeRecording open = recording;
        if (open == null && folder.isBegun()) {
            open = folder.open(now);
        }
        if (open != null) {
            open.ended(now);
        }
        context.reports().add(reports -> reports.drained(spec.arn(), now));
        end("composition ended");
    }

    /** The composition is lost, the node is not: the reason goes to the customer and, where that works, to the bucket. */
    private void fail(String reason) {
        if (phase == Phase.ENDED) {
            return;
        }
        release();
        Instant now = context.now();
        context.metrics().failed();
        context.reports().add(reports -> reports.broke(spec.arn(), now, reason));
        try {
            CompositeRecording open = recording;
            if (open != null) {
                open.failed(now, reason);
            }
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("composition", spec.arn())
                    .addKeyValue("reason", String.valueOf(e.getMessage()))
                    .log("recording could not be marked as failed");
        }
        log.atWarn()
                .addKeyValue("composition", spec.arn())
                .addKeyValue("reason", reason)
                .log("composition failed");
        end("composition failed");
    }

    private void release() {
        context.media().post(spec.stageArn(), feed::end);
        Worker held = worker;
        worker = null;
        if (held != null) {
            held.close();
            context.metrics().workerEnded(spec.arn());
        }
    }

    private void end(String how) {
        phase = Phase.ENDED;
        mailbox.shutdown();
        whenEnded.run();
        log.atInfo().addKeyValue("composition", spec.arn()).log(how);
        ended.countDown();
    }

    /** Whether the task will run. What a task throws ends the composition: a full disk, a bug, but never the node. */
    private boolean post(Runnable task) {
        try {
            mailbox.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.atError()
                            .addKeyValue("composition", spec.arn())
                            .setCause(e)
                            .log("composition could not go on");
                    fail(String.valueOf(e.getMessage()));
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
