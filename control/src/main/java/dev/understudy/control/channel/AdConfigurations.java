package dev.understudy.control.channel;

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

/** The ad configuration operations. Thread-safe. */
public final class AdConfigurations {
    private static final int MAX_DEFAULT_PAGE = 100;
    private static final Table<AdConfiguration> TABLE = new Table<>("ad_configuration", AdConfigurations::read);

    /** As the API shows it, whole or in a list. */
    public record AdConfiguration(
            String arn,
            String name,
            List<MediaTailorPlaybackConfiguration> mediaTailorPlaybackConfigurations,
            Optional<PostRollConfiguration> postRollConfiguration,
            Map<String, String> tags) {}

    public record MediaTailorPlaybackConfiguration(Optional<String> playbackConfigurationArn) {}

    public record PostRollConfiguration(int durationSeconds, boolean enabled) {}

    public record CreateAdConfigurationRequest(
            Optional<String> name,
            List<MediaTailorPlaybackConfiguration> mediaTailorPlaybackConfigurations,
            Optional<PostRollConfiguration> postRollConfiguration,
            Map<String, String> tags) {}

    public record CreateAdConfigurationResponse(AdConfiguration adConfiguration) {}

    public record GetAdConfigurationRequest(String arn) {}

    public record GetAdConfigurationResponse(AdConfiguration adConfiguration) {}

    public record UpdateAdConfigurationRequest(
            String arn,
            Optional<String> name,
            Optional<List<MediaTailorPlaybackConfiguration>> mediaTailorPlaybackConfigurations,
            Optional<PostRollConfiguration> postRollConfiguration) {}

    public record UpdateAdConfigurationResponse(AdConfiguration adConfiguration) {}

    public record ListAdConfigurationsRequest(Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListAdConfigurationsResponse(List<AdConfiguration> adConfigurations, Optional<String> nextToken) {}

    public record DeleteAdConfigurationRequest(String arn) {}

    /** What the database keeps together. */
    record Settings(
            List<MediaTailorPlaybackConfiguration> mediaTailorPlaybackConfigurations,
            Optional<PostRollConfiguration> postRollConfiguration) {
        static Settings of(AdConfiguration configuration) {
            return new Settings(
                    configuration.mediaTailorPlaybackConfigurations(), configuration.postRollConfiguration());
        }
    }

    private final Foundation base;

    public AdConfigurations(Foundation base) {
        this.base = base;
    }

    public CreateAdConfigurationResponse create(CreateAdConfigurationRequest request) {
        TagRules.check(request.tags().keySet());
        var configuration = new AdConfiguration(
                base.newArn("ad-configuration"),
                request.name().orElse(""),
                request.mediaTailorPlaybackConfigurations(),
                request.postRollConfiguration(),
                request.tags());
        base.store().update(h -> {
            base.quotas().check(Quota.AD_CONFIGURATIONS, () -> TABLE.count(h));
            h.execute(
                    "INSERT INTO ad_configuration (arn, name, settings, tags) VALUES (?, ?, ?, ?)",
                    configuration.arn(),
                    configuration.name(),
                    Columns.json(Settings.of(configuration)),
                    Columns.json(configuration.tags()));
        });
        return new CreateAdConfigurationResponse(configuration);
    }

    public GetAdConfigurationResponse get(GetAdConfigurationRequest request) {
        base.home().check(request.arn());
        return new GetAdConfigurationResponse(base.store().read(h -> require(h, request.arn())));
    }

    /** Changes what the request names. */
    public UpdateAdConfigurationResponse update(UpdateAdConfigurationRequest request) {
        base.home().check(request.arn());
        return new UpdateAdConfigurationResponse(base.store().write(h -> {
            AdConfiguration old = require(h, request.arn());
            var configuration = new AdConfiguration(
                    old.arn(),
                    request.name().orElse(old.name()),
                    request.mediaTailorPlaybackConfigurations().orElse(old.mediaTailorPlaybackConfigurations()),
                    request.postRollConfiguration().or(old::postRollConfiguration),
                    old.tags());
            h.execute(
                    "UPDATE ad_configuration SET name = ?, settings = ? WHERE arn = ?",
                    configuration.name(),
                    Columns.json(Settings.of(configuration)),
                    configuration.arn());
            return configuration;
        }));
    }

    public ListAdConfigurationsResponse list(ListAdConfigurationsRequest request) {
        int size = request.maxResults().orElse(base.quotas().defaultPage(Quota.AD_CONFIGURATIONS, MAX_DEFAULT_PAGE));
        Pages.Page<AdConfiguration> page = base.store()
                .read(h -> base.pages()
                        .page(
                                "ad-configurations",
                                request.nextToken(),
                                size,
                                (seq, limit) -> TABLE.before(h, seq, limit)));
        return new ListAdConfigurationsResponse(page.items(), page.nextToken());
    }

    public void delete(DeleteAdConfigurationRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            require(h, request.arn());
            ChannelRows.checkUnused(h, "ad_configuration_arn", request.arn());
            TABLE.delete(h, request.arn());
        });
    }

    /** The configuration with this ARN; throws {@link ApiException} of kind RESOURCE_NOT_FOUND. */
    static AdConfiguration require(Handle handle, String arn) {
        return TABLE.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    private static AdConfiguration read(ResultSet row, StatementContext context) throws SQLException {
        Settings settings = Columns.value(row, "settings", Settings.class);
        return new AdConfiguration(
                row.getString("arn"),
                row.getString("name"),
                settings.mediaTailorPlaybackConfigurations(),
                settings.postRollConfiguration(),
                Columns.strings(row, "tags"));
    }
}
