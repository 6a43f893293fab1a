package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.configuration.BucketName;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Table;
import dev.understudy.control.tag.TagRules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The recording configuration operations. Thread-safe. */
public final class RecordingConfigurations {
    private static final int MAX_DEFAULT_PAGE = 100;
    private static final Table<RecordingConfiguration> TABLE =
            new Table<>("recording_configuration", RecordingConfigurations::read);

    /** There is nothing to wait for: a configuration can be used as soon as it is there. */
    private static final String ACTIVE = "ACTIVE";

    /** As the API shows it. */
    public record RecordingConfiguration(
            String arn,
            String name,
            DestinationConfiguration destinationConfiguration,
            String state,
            Map<String, String> tags,
            ThumbnailConfiguration thumbnailConfiguration,
            int recordingReconnectWindowSeconds,
            RenditionConfiguration renditionConfiguration) {}

    public record RecordingConfigurationSummary(
            String arn,
            String name,
            DestinationConfiguration destinationConfiguration,
            String state,
            Map<String, String> tags) {}

    public record DestinationConfiguration(S3 s3) {
        public record Asked(Optional<S3> s3) {}
    }

    public record S3(String bucketName) {}

    /**
     * Pictures beside the recording.
     *
     * @param recordingMode INTERVAL or DISABLED
     * @param resolution of the rendition that they are taken from; empty for that of the source
     * @param storage SEQUENTIAL, LATEST or both
     */
    public record ThumbnailConfiguration(
            String recordingMode, long targetIntervalSeconds, Optional<String> resolution, List<String> storage) {
        private static final long DEFAULT_SECONDS = 60;

        public record Asked(
                Optional<String> recordingMode,
                Optional<Long> targetIntervalSeconds,
                Optional<String> resolution,
                List<String> storage) {
            static final ThumbnailConfiguration.Asked NOTHING =
                    new ThumbnailConfiguration.Asked(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }

        static ThumbnailConfiguration of(ThumbnailConfiguration.Asked asked) {
            return new ThumbnailConfiguration(
                    asked.recordingMode().orElse("INTERVAL"),
                    asked.targetIntervalSeconds().orElse(DEFAULT_SECONDS),
                    asked.resolution(),
                    asked.storage().isEmpty() ? List.of("SEQUENTIAL") : asked.storage());
        }
    }

    /**
     * Which renditions are recorded.
     *
     * @param renditionSelection ALL, NONE or CUSTOM
     * @param renditions a set, in the order of the request; counts for CUSTOM only
     */
    public record RenditionConfiguration(String renditionSelection, List<String> renditions) {
        public record Asked(Optional<String> renditionSelection, List<String> renditions) {
            static final RenditionConfiguration.Asked NOTHING =
                    new RenditionConfiguration.Asked(Optional.empty(), List.of());
        }

        static RenditionConfiguration of(RenditionConfiguration.Asked asked) {
            String selection = asked.renditionSelection().orElse("ALL");
            if (selection.equals("CUSTOM") && asked.renditions().isEmpty()) {
                throw ApiException.invalid(
                        "renditionConfiguration.renditions", "must be set when renditionSelection is CUSTOM");
            }
            return new RenditionConfiguration(
                    selection, asked.renditions().stream().distinct().toList());
        }
    }

    public record CreateRecordingConfigurationRequest(
            Optional<String> name,
            DestinationConfiguration.Asked destinationConfiguration,
            Map<String, String> tags,
            Optional<ThumbnailConfiguration.Asked> thumbnailConfiguration,
            int recordingReconnectWindowSeconds,
            Optional<RenditionConfiguration.Asked> renditionConfiguration) {}

    public record CreateRecordingConfigurationResponse(RecordingConfiguration recordingConfiguration) {}

    public record GetRecordingConfigurationRequest(String arn) {}

    public record GetRecordingConfigurationResponse(RecordingConfiguration recordingConfiguration) {}

    public record ListRecordingConfigurationsRequest(Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListRecordingConfigurationsResponse(
            List<RecordingConfigurationSummary> recordingConfigurations, Optional<String> nextToken) {}

    public record DeleteRecordingConfigurationRequest(String arn) {}

    /** What the database keeps together. */
    record Settings(ThumbnailConfiguration thumbnails, int reconnectWindowSeconds, RenditionConfiguration renditions) {}

    private final Foundation base;

    public RecordingConfigurations(Foundation base) {
        this.base = base;
    }

    public CreateRecordingConfigurationResponse create(CreateRecordingConfigurationRequest request) {
        TagRules.check(request.tags().keySet());
        S3 s3 = request.destinationConfiguration()
                .s3()
                .orElseThrow(() -> ApiException.invalid("destinationConfiguration.s3", "must not be null"));
        BucketName.check("destinationConfiguration.s3.bucketName", s3.bucketName());
        var configuration = new RecordingConfiguration(
                base.newArn("recording-configuration"),
                request.name().orElse(""),
                new DestinationConfiguration(s3),
                ACTIVE,
                request.tags(),
                ThumbnailConfiguration.of(
                        request.thumbnailConfiguration().orElse(ThumbnailConfiguration.Asked.NOTHING)),
                request.recordingReconnectWindowSeconds(),
                RenditionConfiguration.of(
                        request.renditionConfiguration().orElse(RenditionConfiguration.Asked.NOTHING)));
        base.store().update(h -> {
            base.quotas().check(Quota.RECORDING_CONFIGURATIONS, () -> TABLE.count(h));
            insert(h, configuration);
        });
        return new CreateRecordingConfigurationResponse(configuration);
    }

    public GetRecordingConfigurationResponse get(GetRecordingConfigurationRequest request) {
        base.home().check(request.arn());
        return new GetRecordingConfigurationResponse(base.store().read(h -> require(h, request.arn())));
    }

    public ListRecordingConfigurationsResponse list(ListRecordingConfigurationsRequest request) {
        int size = request.maxResults()
                .orElse(base.quotas().defaultPage(Quota.RECORDING_CONFIGURATIONS, MAX_DEFAULT_PAGE));
        Pages.Page<RecordingConfiguration> page = base.store()
                .read(h -> base.pages()
                        .page(
                                "recording-configurations",
                                request.nextToken(),
                                size,
                                (seq, limit) -> TABLE.before(h, seq, limit)));
        var summaries = page.items().stream()
                .map(c -> new RecordingConfigurationSummary(
                        c.arn(), c.name(), c.destinationConfiguration(), c.state(), c.tags()))
                .toList();
        return new ListRecordingConfigurationsResponse(summaries, page.nextToken());
    }

    public void delete(DeleteRecordingConfigurationRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            require(h, request.arn());
            ChannelRows.checkUnused(h, "recording_configuration_arn", request.arn());
            TABLE.delete(h, request.arn());
        });
    }

    /** The configuration with this ARN; throws {@link ApiException} of kind RESOURCE_NOT_FOUND. */
    static RecordingConfiguration require(Handle handle, String arn) {
        return TABLE.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    private static void insert(Handle handle, RecordingConfiguration configuration) {
        var settings = new Settings(
                configuration.thumbnailConfiguration(),
                configuration.recordingReconnectWindowSeconds(),
                configuration.renditionConfiguration());
        handle.execute(
                "INSERT INTO recording_configuration (arn, name, bucket_name, settings, tags) VALUES (?, ?, ?, ?, ?)",
                configuration.arn(),
                configuration.name(),
                configuration.destinationConfiguration().s3().bucketName(),
                Columns.json(settings),
                Columns.json(configuration.tags()));
    }

    /** The bucket of the configuration with this ARN; empty when there is none. */
    public static Optional<String> bucket(Handle handle, String arn) {
        return TABLE.find(handle, arn)
                .map(configuration ->
                        configuration.destinationConfiguration().s3().bucketName());
    }

    private static RecordingConfiguration read(ResultSet row, StatementContext context) throws SQLException {
        Settings settings = Columns.value(row, "settings", Settings.class);
        return new RecordingConfiguration(
                row.getString("arn"),
                row.getString("name"),
                new DestinationConfiguration(new S3(row.getString("bucket_name"))),
                ACTIVE,
                Columns.strings(row, "tags"),
                settings.thumbnails(),
                settings.reconnectWindowSeconds(),
                settings.renditions());
    }
}
