package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.channel.BatchError.Batch;
import dev.understudy.control.channel.ChannelRows.Filter;
import dev.understudy.control.channel.ChannelRows.References;
import dev.understudy.control.channel.ChannelRows.Row;
import dev.understudy.control.channel.ChannelSettings.MultitrackInputConfiguration;
import dev.understudy.control.channel.StreamKeys.StreamKey;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.store.Pages;
import dev.understudy.control.tag.TagRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The channel operations. Thread-safe. */
public final class Channels {
    private static final int DEFAULT_PAGE = 100;

    /** SRT allows 10 to 79 characters. */
    private static final int PASSPHRASE_LENGTH = 70;

    /** As the API shows it; what is not set is {@code ""}. */
    public record Channel(
            String arn,
            String name,
            String latencyMode,
            String type,
            String recordingConfigurationArn,
            String ingestEndpoint,
            String playbackUrl,
            boolean authorized,
            Map<String, String> tags,
            boolean insecureIngest,
            String preset,
            Srt srt,
            String playbackRestrictionPolicyArn,
            MultitrackInputConfiguration multitrackInputConfiguration,
            String containerFormat,
            String adConfigurationArn) {}

    /** How to stream by SRT; the passphrase is {@code ""} where a channel takes streams that are not encrypted. */
    public record Srt(String endpoint, String passphrase) {}

    public record ChannelSummary(
            String arn,
            String name,
            String latencyMode,
            boolean authorized,
            String recordingConfigurationArn,
            Map<String, String> tags,
            boolean insecureIngest,
            String type,
            String preset,
            String playbackRestrictionPolicyArn,
            String adConfigurationArn) {}

    public record CreateChannelRequest(
            Optional<String> name,
            Optional<String> latencyMode,
            Optional<String> type,
            Optional<Boolean> authorized,
            Optional<String> recordingConfigurationArn,
            Map<String, String> tags,
            Optional<Boolean> insecureIngest,
            Optional<String> preset,
            Optional<String> playbackRestrictionPolicyArn,
            Optional<MultitrackInputConfiguration.Asked> multitrackInputConfiguration,
            Optional<String> containerFormat,
            Optional<String> adConfigurationArn) {}

    public record CreateChannelResponse(Channel channel, StreamKey streamKey) {}

    public record GetChannelRequest(String arn) {}

    public record GetChannelResponse(Channel channel) {}

    public record BatchGetChannelRequest(List<String> arns) {}

    public record BatchGetChannelResponse(List<Channel> channels, List<BatchError> errors) {}

    public record UpdateChannelRequest(
            String arn,
            Optional<String> name,
            Optional<String> latencyMode,
            Optional<String> type,
            Optional<Boolean> authorized,
            Optional<String> recordingConfigurationArn,
            Optional<Boolean> insecureIngest,
            Optional<String> preset,
            Optional<String> playbackRestrictionPolicyArn,
            Optional<MultitrackInputConfiguration.Asked> multitrackInputConfiguration,
            Optional<String> containerFormat,
            Optional<String> adConfigurationArn) {}

    public record UpdateChannelResponse(Channel channel) {}

    public record ListChannelsRequest(
            Optional<String> filterByName,
            Optional<String> filterByRecordingConfigurationArn,
            Optional<String> filterByPlaybackRestrictionPolicyArn,
            Optional<String> filterByAdConfigurationArn,
            Optional<String> nextToken,
            Optional<Integer> maxResults) {}

    public record ListChannelsResponse(List<ChannelSummary> channels, Optional<String> nextToken) {}

    public record DeleteChannelRequest(String arn) {}

    private final Foundation base;

    public Channels(Foundation base) {
        this.base = base;
    }

    /** Makes a channel and its stream key. */
    public CreateChannelResponse create(CreateChannelRequest request) {
        TagRules.check(request.tags().keySet());
        var settings = ChannelSettings.DEFAULT.changed(new ChannelSettings.Change(
                request.latencyMode(),
                request.type(),
                request.authorized(),
                request.insecureIngest(),
                request.preset(),
                request.multitrackInputConfiguration(),
                request.containerFormat()));
        var references = new References(
                request.recordingConfigurationArn().orElse(""),
                request.playbackRestrictionPolicyArn().orElse(""),
                request.adConfigurationArn().orElse(""));
        String arn = base.newArn("channel");
        StreamKey key = StreamKeys.make(base, arn, Map.of());
        String passphrase = base.ids().next(PASSPHRASE_LENGTH);
        var row = new Row(arn, request.name().orElse(""), settings, references, passphrase, request.tags());
        base.store().update(h -> {
            base.quotas().check(Quota.CHANNELS, () -> ChannelRows.count(h));
            checkReferences(h, references);
            ChannelRows.insert(h, row);
            StreamKeys.insert(h, key);
        });
        return new CreateChannelResponse(shown(row), key);
    }

    public GetChannelResponse get(GetChannelRequest request) {
        return new GetChannelResponse(base.store().read(h -> require(h, request.arn())));
    }

    public BatchGetChannelResponse batchGet(BatchGetChannelRequest request) {
        Batch<Channel> batch = base.store().read(h -> BatchError.batch(request.arns(), arn -> require(h, arn)));
        return new BatchGetChannelResponse(batch.found(), batch.errors());
    }

    /** Changes what the request names. */
    public UpdateChannelResponse update(UpdateChannelRequest request) {
        base.home().check(request.arn());
        var asked = new ChannelSettings.Change(
                request.latencyMode(),
                request.type(),
                request.authorized(),
                request.insecureIngest(),
                request.preset(),
                request.multitrackInputConfiguration(),
                request.containerFormat());
        Row updated = base.store().write(h -> {
            Row old = ChannelRows.require(h, request.arn());
            References was = old.references();
            var references = new References(
                    request.recordingConfigurationArn().orElse(was.recordingConfigurationArn()),
                    request.playbackRestrictionPolicyArn().orElse(was.playbackRestrictionPolicyArn()),
                    request.adConfigurationArn().orElse(was.adConfigurationArn()));
            checkReferences(h, references);
            var row = new Row(
                    old.arn(),
                    request.name().orElse(old.name()),
                    old.settings().changed(asked),
                    references,
                    old.srtPassphrase(),
                    old.tags());
            ChannelRows.update(h, row);
            return row;
        });
        return new UpdateChannelResponse(shown(updated));
    }

    public ListChannelsResponse list(ListChannelsRequest request) {
        Filter filter = filter(request);
        Pages.Page<Row> page = base.store()
                .read(h -> base.pages()
                        .page(
                                "channels " + filter,
                                request.nextToken(),
                                request.maxResults().orElse(DEFAULT_PAGE),
                                (seq, limit) -> ChannelRows.before(h, filter, seq, limit)));
        return new ListChannelsResponse(
                page.items().stream().map(Channels::summary).toList(), page.nextToken());
    }

    private Filter filter(ListChannelsRequest request) {
        List<Filter> filters = Stream.of(
                        new Filter("name", request.filterByName().orElse("")),
                        new Filter(
                                "recording_configuration_arn",
                                request.filterByRecordingConfigurationArn().orElse("")),
                        new Filter(
                                "playback_restriction_policy_arn",
                                request.filterByPlaybackRestrictionPolicyArn().orElse("")),
                        new Filter(
                                "ad_configuration_arn",
                                request.filterByAdConfigurationArn().orElse("")))
                .filter(filter -> !filter.isNone())
                .toList();
        if (filters.size() > 1) {
            throw ApiException.conflict("Only one of filterByName, filterByRecordingConfigurationArn,"
                    + " filterByPlaybackRestrictionPolicyArn and filterByAdConfigurationArn is allowed");
        }
        filters.forEach(filter -> base.home().checkAccount(filter.value()));
        return filters.isEmpty() ? Filter.NONE : filters.getFirst();
    }

    /** Deletes a channel with its stream key. */
    public void delete(DeleteChannelRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            if (!ChannelRows.delete(h, request.arn())) {
                throw ApiException.notFound(request.arn());
            }
        });
    }

    /** Refuses the ARN of a channel that is not there; throws {@link ApiException}. */
    public static void check(Handle handle, String arn) {
        ChannelRows.require(handle, arn);
    }

    private Channel require(Handle handle, String arn) {
        base.home().check(arn);
        return shown(ChannelRows.require(handle, arn));
    }

    private void checkReferences(Handle handle, References references) {
        check(references.recordingConfigurationArn(), arn -> RecordingConfigurations.require(handle, arn));
        check(references.playbackRestrictionPolicyArn(), arn -> PlaybackRestrictionPolicies.require(handle, arn));
        check(references.adConfigurationArn(), arn -> AdConfigurations.require(handle, arn));
    }

    private void check(String arn, Consumer<String> require) {
        if (!arn.isEmpty()) {
            base.home().check(arn);
            require.accept(arn);
        }
    }

    private Channel shown(Row row) {
        ChannelSettings settings = row.settings();
        Home home = base.home();
        String host = base.endpoints().host();
        return new Channel(
                row.arn(),
                row.name(),
                settings.latencyMode(),
                settings.type(),
                row.references().recordingConfigurationArn(),
                host,
                base.endpoints().publicUrl() + "/api/video/v1/" + home.region() + "." + home.account() + ".channel."
                        + Home.id(row.arn()) + ".m3u8",
                settings.authorized(),
                row.tags(),
                settings.insecureIngest(),
                settings.preset(),
                new Srt(host, settings.insecureIngest() ? "" : row.srtPassphrase()),
                row.references().playbackRestrictionPolicyArn(),
                settings.multitrackInputConfiguration(),
                settings.containerFormat(),
                row.references().adConfigurationArn());
    }

    private static ChannelSummary summary(Row row) {
        ChannelSettings settings = row.settings();
        return new ChannelSummary(
                row.arn(),
                row.name(),
                settings.latencyMode(),
                settings.authorized(),
                row.references().recordingConfigurationArn(),
                row.tags(),
                settings.insecureIngest(),
                settings.type(),
                settings.preset(),
                row.references().playbackRestrictionPolicyArn(),
                row.references().adConfigurationArn());
    }
}
