package dev.understudy.control.composition;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Hashes;
import dev.understudy.control.channel.Channels;
import dev.understudy.control.composition.CompositionRows.DestinationRow;
import dev.understudy.control.composition.CompositionRows.Filter;
import dev.understudy.control.composition.CompositionRows.Row;
import dev.understudy.control.event.Outbox;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.stage.Stages;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.tag.TagRules;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * The composition operations of the control API. Thread-safe; what the media side reports goes to {@link
 * CompositionReports}.
 *
 * <p>What is asked for is stored first and handed to the media side then, so that a node that dies in between takes it up
 * when it starts again.
 */
public final class Compositions {
    private static final int DEFAULT_PAGE = 100;

    /** Why a destination that is a channel fails as soon as its composition starts. */
    private static final String NO_BROADCASTS = "nothing can broadcast to a channel yet";

    /** As the API shows it. */
    public record Composition(
            String arn,
            String stageArn,
            String state,
            Layout layout,
            List<Destination> destinations,
            Map<String, String> tags,
            Instant startTime,
            Optional<Instant> endTime) {}

    public record Destination(
            String id,
            String state,
            Optional<Instant> startTime,
            Optional<Instant> endTime,
            DestinationConfiguration configuration,
            Optional<DestinationDetail> detail) {}

    public record DestinationDetail(S3Detail s3) {}

    public record S3Detail(String recordingPrefix) {}

    public record CompositionSummary(
            String arn,
            String stageArn,
            List<DestinationSummary> destinations,
            String state,
            Map<String, String> tags,
            Instant startTime,
            Optional<Instant> endTime) {}

    public record DestinationSummary(String id, String state, Optional<Instant> startTime, Optional<Instant> endTime) {}

    public record StartCompositionRequest(
            String stageArn,
            Optional<String> idempotencyToken,
            Optional<Layout.Asked> layout,
            List<DestinationConfiguration.Asked> destinations,
            Map<String, String> tags) {}

    public record StartCompositionResponse(Composition composition) {}

    public record GetCompositionRequest(String arn) {}

    public record GetCompositionResponse(Composition composition) {}

    public record ListCompositionsRequest(
            Optional<String> filterByStageArn,
            Optional<String> filterByEncoderConfigurationArn,
            Optional<String> nextToken,
            Optional<Integer> maxResults) {}

    public record ListCompositionsResponse(List<CompositionSummary> compositions, Optional<String> nextToken) {}

    public record StopCompositionRequest(String arn) {}

    /** What StartComposition asks for once every default is filled in; two calls with one token are compared by it. */
    record Wish(String stageArn, Layout layout, List<DestinationConfiguration> destinations, Map<String, String> tags) {

        /** The same for two requests that ask for the same, in whatever order they name their tags. */
        String digest() {
            var sorted = new Wish(stageArn, layout, destinations, new TreeMap<>(tags));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Hashes.sha256(Columns.json(sorted)));
        }
    }

    private final Foundation base;
    private final CompositionPlane plane;
    private final CompositionReports reports;

    public Compositions(Foundation base, CompositionPlane plane, Outbox outbox) {
        this.base = base;
        this.plane = plane;
        this.reports =
                new CompositionReports(base.store(), plane, outbox, base.rules().compositionKept());
    }

    /** Where the media side and the clock report to. */
    public CompositionReports reports() {
        return reports;
    }

    /** Starts a composition, or answers with the one that the same token has started. */
    public StartCompositionResponse start(StartCompositionRequest request) {
        base.home().check(request.stageArn());
        TagRules.check(request.tags().keySet());
        Wish wish = new Wish(
                request.stageArn(),
                Layout.of(request.layout()),
                DestinationConfiguration.of(request.destinations()),
                request.tags());
        long stopsBefore = reports.stopsAskedFor();
        Started started = base.store()
                .write(h -> request.idempotencyToken()
                        .flatMap(token -> CompositionRows.findByToken(h, token))
                        .map(row -> repeated(h, row, wish))
                        .orElseGet(() -> insert(h, wish, request.idempotencyToken())));
        started.spec().ifPresent(spec -> {
            plane.start(spec);
            if (reports.stopsAskedFor() != stopsBefore) {
                reports.stopIfAsked(spec.arn());
            }
        });
        return new StartCompositionResponse(started.composition());
    }

    /** {@code spec} is there when the composition is new and something can come of it. */
    private record Started(Composition composition, Optional<CompositionSpec> spec) {}

    private static Started repeated(Handle handle, Row row, Wish wish) {
        if (!row.requestDigest().equals(wish.digest())) {
            throw ApiException.conflict("idempotencyToken has been used for another request");
        }
        return new Started(shown(handle, row), Optional.empty());
    }

    private Started insert(Handle handle, Wish wish, Optional<String> idempotencyToken) {
        checkReferences(handle, wish);
        Instant now = base.now();
        var row = new Row(
                base.newArn("composition"),
                wish.stageArn(),
                wish.layout(),
                wish.tags(),
                wish.digest(),
                now,
                new CompositionState.Starting(now));
        List<DestinationRow> destinations =
                wish.destinations().stream().map(d -> destination(row, d)).toList();
        // Refuses configurations that there are not: what reads them for the media side has looked for them.
        CompositionSpec spec = CompositionReports.spec(handle, row, destinations);
        base.quotas().check(Quota.COMPOSITIONS, () -> CompositionRows.countLiving(handle));
        base.quotas().check(Quota.COMPOSITIONS_PER_STAGE, () -> CompositionRows.countLivingOf(handle, wish.stageArn()));
        CompositionRows.insert(handle, row, idempotencyToken, destinations);
        List<DestinationRow> channels = destinations.stream()
                .filter(d -> d.configuration().channel().isPresent())
                .toList();
        if (channels.isEmpty()) {
            return new Started(shown(row, destinations), Optional.of(spec));
        }
        channels.forEach(d -> reports.broke(handle, row, d, now, NO_BROADCASTS));
        Row stored = require(handle, row.arn());
        return new Started(shown(handle, stored), spec(handle, stored));
    }

    /** What is left for the media side to do; nothing when every destination has failed. */
    private static Optional<CompositionSpec> spec(Handle handle, Row row) {
        return row.state().hasEnded() ? Optional.empty() : Optional.of(CompositionReports.spec(handle, row));
    }

    private void checkReferences(Handle handle, Wish wish) {
        Stages.check(handle, wish.stageArn());
        for (DestinationConfiguration destination : wish.destinations()) {
            destination.channel().ifPresent(channel -> {
                base.home().check(channel.channelArn());
                Channels.check(handle, channel.channelArn());
            });
            destination.encoderConfigurationArn().ifPresent(base.home()::check);
            destination.s3().ifPresent(s3 -> base.home().check(s3.storageConfigurationArn()));
        }
    }

    private DestinationRow destination(Row row, DestinationConfiguration configuration) {
        String id = base.ids().next();
        String prefix = Home.id(row.stageArn()) + "/" + Home.id(row.arn()) + "/" + id + "/composite";
        return new DestinationRow(
                id,
                configuration,
                configuration.s3().map(_ -> prefix),
                DestinationState.STARTING,
                Optional.empty(),
                Optional.empty());
    }

    public GetCompositionResponse get(GetCompositionRequest request) {
        base.home().check(request.arn());
        return new GetCompositionResponse(base.store().read(h -> shown(h, require(h, request.arn()))));
    }

    public ListCompositionsResponse list(ListCompositionsRequest request) {
        Optional<String> stageArn = request.filterByStageArn().filter(Predicate.not(String::isEmpty));
        Optional<String> encoderArn = request.filterByEncoderConfigurationArn().filter(Predicate.not(String::isEmpty));
        if (stageArn.isPresent() && encoderArn.isPresent()) {
            throw ApiException.validation(
                    "Only one of filterByStageArn and filterByEncoderConfigurationArn is allowed");
        }
        stageArn.or(() -> encoderArn).ifPresent(base.home()::checkAccount);
        Filter filter = stageArn.map(Filter::ofStage)
                .or(() -> encoderArn.map(Filter::ofEncoderConfiguration))
                .orElse(Filter.NONE);
        return base.store().read(h -> {
            Pages.Page<Row> page = base.pages()
                    .page(
                            "compositions " + filter,
                            request.nextToken(),
                            request.maxResults().orElse(DEFAULT_PAGE),
                            (seq, limit) -> CompositionRows.before(h, filter, seq, limit));
            var summaries = page.items().stream().map(row -> summary(h, row)).toList();
            return new ListCompositionsResponse(summaries, page.nextToken());
        });
    }

    /** Asks for a graceful end. Asking again, or for one that has ended, changes nothing. */
    public void stop(StopCompositionRequest request) {
        base.home().check(request.arn());
        base.store().read(h -> require(h, request.arn()));
        reports.stop(request.arn(), base.now());
    }

    private static Row require(Handle handle, String arn) {
        return CompositionRows.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    private static Composition shown(Handle handle, Row row) {
        return shown(row, CompositionRows.destinations(handle, row.arn()));
    }

    private static Composition shown(Row row, List<DestinationRow> destinations) {
        return new Composition(
                row.arn(),
                row.stageArn(),
                row.state().apiName(),
                row.layout(),
                destinations.stream().map(Compositions::shown).toList(),
                row.tags(),
                row.startedAt(),
                endTime(row));
    }

    private static Destination shown(DestinationRow row) {
        return new Destination(
                row.id(),
                row.state().name(),
                row.startedAt(),
                row.endedAt(),
                row.configuration(),
                row.recordingPrefix().map(prefix -> new DestinationDetail(new S3Detail(prefix))));
    }

    private static CompositionSummary summary(Handle handle, Row row) {
        List<DestinationSummary> destinations = CompositionRows.destinations(handle, row.arn()).stream()
                .map(d -> new DestinationSummary(d.id(), d.state().name(), d.startedAt(), d.endedAt()))
                .toList();
        return new CompositionSummary(
                row.arn(),
                row.stageArn(),
                destinations,
                row.state().apiName(),
                row.tags(),
                row.startedAt(),
                endTime(row));
    }

    private static Optional<Instant> endTime(Row row) {
        return Optional.of(row.state()).filter(CompositionState::hasEnded).map(CompositionState::since);
    }
}
