package dev.understudy.control.configuration;

import dev.understudy.control.api.ApiException;
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

/** The encoder configuration operations. Thread-safe. */
public final class EncoderConfigurations {
    private static final int DEFAULT_PAGE = 100;
    private static final Table<EncoderConfiguration> TABLE =
            new Table<>("encoder_configuration", EncoderConfigurations::read);

    public record EncoderConfiguration(String arn, String name, Video video, Map<String, String> tags) {}

    public record EncoderConfigurationSummary(String arn, String name, Map<String, String> tags) {}

    public record CreateEncoderConfigurationRequest(
            Optional<String> name, Optional<Video.Asked> video, Map<String, String> tags) {}

    public record CreateEncoderConfigurationResponse(EncoderConfiguration encoderConfiguration) {}

    public record GetEncoderConfigurationRequest(String arn) {}

    public record GetEncoderConfigurationResponse(EncoderConfiguration encoderConfiguration) {}

    public record ListEncoderConfigurationsRequest(Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListEncoderConfigurationsResponse(
            List<EncoderConfigurationSummary> encoderConfigurations, Optional<String> nextToken) {}

    public record DeleteEncoderConfigurationRequest(String arn) {}

    private final Foundation base;

    public EncoderConfigurations(Foundation base) {
        this.base = base;
    }

    public CreateEncoderConfigurationResponse create(CreateEncoderConfigurationRequest request) {
        TagRules.check(request.tags().keySet());
        var configuration = new EncoderConfiguration(
                base.newArn("encoder-configuration"),
                request.name().orElse(""),
                request.video().map(Video::of).orElse(Video.DEFAULT),
                request.tags());
        base.store().update(h -> {
            base.quotas().check(Quota.ENCODER_CONFIGURATIONS, () -> TABLE.count(h));
            insert(h, configuration);
        });
        return new CreateEncoderConfigurationResponse(configuration);
    }

    public GetEncoderConfigurationResponse get(GetEncoderConfigurationRequest request) {
        base.home().check(request.arn());
        return new GetEncoderConfigurationResponse(base.store().read(h -> require(h, request.arn())));
    }

    public ListEncoderConfigurationsResponse list(ListEncoderConfigurationsRequest request) {
        int size = request.maxResults().orElse(DEFAULT_PAGE);
        Pages.Page<EncoderConfiguration> page = base.store()
                .read(h -> base.pages()
                        .page(
                                "encoder-configurations",
                                request.nextToken(),
                                size,
                                (seq, n) -> TABLE.before(h, seq, n)));
        var summaries = page.items().stream()
                .map(c -> new EncoderConfigurationSummary(c.arn(), c.name(), c.tags()))
                .toList();
        return new ListEncoderConfigurationsResponse(summaries, page.nextToken());
    }

    public void delete(DeleteEncoderConfigurationRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            require(h, request.arn());
            InUse.checkCompositions(h, "encoder_configuration_arn", request.arn());
            TABLE.delete(h, request.arn());
        });
    }

    /** The configuration with this ARN; throws {@link ApiException} of kind RESOURCE_NOT_FOUND. */
    public static EncoderConfiguration require(Handle handle, String arn) {
        return TABLE.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    private static void insert(Handle handle, EncoderConfiguration configuration) {
        Video video = configuration.video();
        handle.execute(
                """
                INSERT INTO encoder_configuration (arn, name, width, height, framerate, bitrate, tags)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                configuration.arn(),
                configuration.name(),
                video.width(),
                video.height(),
                video.framerate(),
                video.bitrate(),
                Columns.json(configuration.tags()));
    }

    private static EncoderConfiguration read(ResultSet row, StatementContext context) throws SQLException {
        var video =
                new Video(row.getInt("width"), row.getInt("height"), row.getDouble("framerate"), row.getInt("bitrate"));
        return new EncoderConfiguration(
                row.getString("arn"), row.getString("name"), video, Columns.strings(row, "tags"));
    }
}
