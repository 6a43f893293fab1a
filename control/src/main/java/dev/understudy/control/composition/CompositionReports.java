package dev.understudy.control.composition;

import dev.understudy.control.composition.CompositionEvents.DestinationChange;
import dev.understudy.control.composition.CompositionRows.DestinationRow;
import dev.understudy.control.composition.CompositionRows.Row;
import dev.understudy.control.configuration.EncoderConfigurations;
import dev.understudy.control.configuration.StorageConfigurations;
import dev.understudy.control.configuration.Video;
import dev.understudy.control.event.Outbox;
import dev.understudy.control.resource.Home;
import dev.understudy.control.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/**
 * What becomes of compositions: the media side reports, time passes, and their states follow.
 *
 * <p>Thread-safe. A report about a composition that is gone, or that means nothing in its state, changes nothing.
 */
public final class CompositionReports {
    private final Store store;
    private final CompositionPlane plane;
    private final Outbox outbox;
    private final Duration kept;
    private final AtomicLong stopsAskedFor = new AtomicLong();

    /** @param kept how long an ended composition can still be asked for */
    CompositionReports(Store store, CompositionPlane plane, Outbox outbox, Duration kept) {
        this.store = store;
        this.plane = plane;
        this.outbox = outbox;
        this.kept = kept;
    }

    /** The first pictures of a composition are on their way to all its destinations. */
    public void firstFrame(String arn, Instant at) {
        happened(arn, new CompositionState.Event.FirstFrame(at), DestinationState.Event.STARTED);
    }

    /** A composition that was told to stop has published everything. */
    public void drained(String arn, Instant at) {
        happened(arn, new CompositionState.Event.Drained(at), DestinationState.Event.ENDED);
    }

    /** A composition cannot go on, and has been cleaned up. */
    public void broke(String arn, Instant at, String reason) {
        happened(arn, new CompositionState.Event.Broke(at, reason), DestinationState.Event.BROKE);
    }

    /** One destination is lost for the time being. */
    public void destinationInterrupted(String arn, String destinationId, Instant at) {
        happened(arn, destinationId, DestinationState.Event.INTERRUPTED, at, Optional.empty());
    }

    /** One destination is back. */
    public void destinationResumed(String arn, String destinationId, Instant at) {
        happened(arn, destinationId, DestinationState.Event.STARTED, at, Optional.empty());
    }

    /** One destination is lost for good. The composition goes on while it has another, and fails with its last. */
    public void destinationBroke(String arn, String destinationId, Instant at, String reason) {
        happened(arn, destinationId, DestinationState.Event.BROKE, at, Optional.of(reason));
    }

    /** The same in its caller's transaction, for a destination that cannot even be tried. */
    void broke(Handle handle, Row row, DestinationRow destination, Instant at, String reason) {
        happened(handle, row, destination.id(), DestinationState.Event.BROKE, at, Optional.of(reason));
    }

    /** Ends all compositions of a stage, because it is gone. */
    public void stageDeleted(String stageArn, Instant at) {
        store.read(h -> CompositionRows.livingOf(h, stageArn)).forEach(arn -> stop(arn, at));
    }

    /**
     * Lets time pass: stops what nobody publishes to or what is too old, and forgets what ended a while ago. To be called
     * about once a second; calling early does no harm.
     */
    public void elapsed(Instant now) {
        store.read(h -> CompositionRows.overdue(h, now)).forEach(arn -> stop(arn, now));
        Instant forgotten = now.minus(kept);
        if (store.read(h -> CompositionRows.hasEndedBefore(h, forgotten))) {
            store.update(h -> CompositionRows.deleteEndedBefore(h, forgotten));
        }
    }

    /** Ends all compositions, because the node ends. */
    public void stopAll(Instant at) {
        store.read(CompositionRows::living).forEach(row -> stop(row.arn(), at));
    }

    /** What has to go on when a node starts, oldest first. */
    public List<CompositionSpec> unfinished() {
        return store.read(
                h -> CompositionRows.living(h).stream().map(row -> spec(h, row)).toList());
    }

    /** Somebody may have asked for the end of a composition before the media side had heard of it. */
    void stopIfAsked(String arn) {
        store.readOne(h -> CompositionRows.find(h, arn))
                .filter(row -> row.state() instanceof CompositionState.Stopping)
                .ifPresent(row -> plane.stop(row.arn()));
    }

    /** Grows before any composition is told to stop: while it stays the same, none was. */
    long stopsAskedFor() {
        return stopsAskedFor.get();
    }

    void stop(String arn, Instant at) {
        stopsAskedFor.incrementAndGet();
        happened(arn, new CompositionState.Event.StopRequested(at), DestinationState.Event.STOP)
                .filter(CompositionState.Stopping.class::isInstance)
                .ifPresent(_ -> plane.stop(arn));
    }

    /** The new state, empty when nothing has changed. */
    private Optional<CompositionState> happened(
            String arn, CompositionState.Event event, DestinationState.Event inDestinations) {
        return store.write(h -> {
            Optional<Row> row = CompositionRows.find(h, arn);
            Optional<CompositionState> next = row.map(r -> r.state().on(event))
                    .filter(s -> !row.map(Row::state).equals(Optional.of(s)));
            next.ifPresent(state -> {
                List<DestinationChange> changes = CompositionRows.destinations(h, arn).stream()
                        .map(d -> change(h, arn, d, inDestinations, event.at()))
                        .toList();
                become(h, row.orElseThrow(), state, changes);
            });
            return next;
        });
    }

    private void happened(
            String arn, String destinationId, DestinationState.Event event, Instant at, Optional<String> reason) {
        store.update(
                h -> CompositionRows.find(h, arn).ifPresent(row -> happened(h, row, destinationId, event, at, reason)));
    }

    private void happened(
            Handle handle,
            Row row,
            String destinationId,
            DestinationState.Event event,
            Instant at,
            Optional<String> reason) {
        CompositionRows.destinations(handle, row.arn()).stream()
                .filter(d -> d.id().equals(destinationId))
                .map(d -> change(handle, row.arn(), d, event, at))
                .flatMap(change -> CompositionEvents.of(row.stageArn(), change, reason).stream())
                .forEach(detail -> outbox.add(handle, at, row.arn(), detail));
        reason.filter(_ -> haveAllFailed(handle, row.arn()))
                .map(why -> row.state().on(new CompositionState.Event.Broke(at, why)))
                .filter(state -> !state.equals(row.state()))
                .ifPresent(state -> become(handle, row, state, List.of()));
    }

    private static boolean haveAllFailed(Handle handle, String arn) {
        return CompositionRows.destinations(handle, arn).stream().allMatch(d -> d.state() == DestinationState.FAILED);
    }

    private static DestinationChange change(
            Handle handle, String arn, DestinationRow destination, DestinationState.Event event, Instant at) {
        DestinationState next = destination.state().on(event);
        if (next != destination.state()) {
            CompositionRows.setState(handle, arn, destination.id(), next, at);
        }
        return new DestinationChange(
                destination.id(),
                destination.state(),
                next,
                destination.startedAt().isPresent());
    }

    /** Stores the new state, and tells of it and of what has become of the destinations with it. */
    private void become(Handle handle, Row row, CompositionState next, List<DestinationChange> destinations) {
        CompositionRows.setState(handle, row.arn(), next);
        CompositionEvents.of(row.stageArn(), row.state(), next, destinations)
                .forEach(detail -> outbox.add(handle, next.since(), row.arn(), detail));
    }

    /** Nothing it refers to can have gone, because a configuration in use cannot be deleted. */
    static CompositionSpec spec(Handle handle, Row row) {
        return spec(handle, row, CompositionRows.destinations(handle, row.arn()));
    }

    static CompositionSpec spec(Handle handle, Row row, List<DestinationRow> destinations) {
        List<CompositionSpec.Output> outputs = destinations.stream()
                .filter(d -> !d.state().hasEnded())
                .map(d -> output(handle, d))
                .toList();
        return new CompositionSpec(
                row.arn(),
                Home.id(row.arn()),
                row.stageArn(),
                row.layout(),
                outputs,
                row.startedAt(),
                row.state() instanceof CompositionState.Stopping);
    }

    private static CompositionSpec.Output output(Handle handle, DestinationRow row) {
        DestinationConfiguration configuration = row.configuration();
        Video video = configuration
                .encoderConfigurationArn()
                .map(arn -> EncoderConfigurations.require(handle, arn).video())
                .orElse(Video.DEFAULT);
        return configuration
                .s3()
                .map(s3 -> recording(handle, row, s3, video))
                .orElseGet(() -> new CompositionSpec.Broadcast(
                        row.id(), video, configuration.channel().orElseThrow().channelArn()));
    }

    private static CompositionSpec.Output recording(
            Handle handle, DestinationRow row, DestinationConfiguration.S3 s3, Video video) {
        return new CompositionSpec.Recording(
                row.id(),
                Home.id(s3.encoderConfigurationArn()),
                video,
                StorageConfigurations.require(handle, s3.storageConfigurationArn())
                        .s3()
                        .bucketName(),
                row.recordingPrefix().orElseThrow(),
                s3.recordingConfiguration().hlsConfiguration().targetSegmentDurationSeconds(),
                s3.thumbnailConfigurations().map(List::getFirst));
    }
}
