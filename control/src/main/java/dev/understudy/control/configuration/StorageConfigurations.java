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

/** The storage configuration operations. Thread-safe. */
public final class StorageConfigurations {
    private static final int DEFAULT_PAGE = 100;
    private static final Table<StorageConfiguration> TABLE =
            new Table<>("storage_configuration", StorageConfigurations::read);

    /** As the API shows it, whole or in a list. */
    public record StorageConfiguration(String arn, String name, S3StorageConfiguration s3, Map<String, String> tags) {}

    public record S3StorageConfiguration(String bucketName) {}

    public record CreateStorageConfigurationRequest(
            Optional<String> name, S3StorageConfiguration s3, Map<String, String> tags) {}

    public record CreateStorageConfigurationResponse(StorageConfiguration storageConfiguration) {}

    public record GetStorageConfigurationRequest(String arn) {}

    public record GetStorageConfigurationResponse(StorageConfiguration storageConfiguration) {}

    public record ListStorageConfigurationsRequest(Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListStorageConfigurationsResponse(
            List<StorageConfiguration> storageConfigurations, Optional<String> nextToken) {}

    public record DeleteStorageConfigurationRequest(String arn) {}

    private final Foundation base;

    public StorageConfigurations(Foundation base) {
        this.base = base;
    }

    public CreateStorageConfigurationResponse create(CreateStorageConfigurationRequest request) {
        TagRules.check(request.tags().keySet());
        BucketName.check("s3.bucketName", request.s3().bucketName());
        var configuration = new StorageConfiguration(
                base.newArn("storage-configuration"), request.name().orElse(""), request.s3(), request.tags());
        base.store().update(h -> {
            base.quotas().check(Quota.STORAGE_CONFIGURATIONS, () -> TABLE.count(h));
            h.execute(
                    "INSERT INTO storage_configuration (arn, name, bucket_name, tags) VALUES (?, ?, ?, ?)",
                    configuration.arn(),
                    configuration.name(),
                    configuration.s3().bucketName(),
                    Columns.json(configuration.tags()));
        });
        return new CreateStorageConfigurationResponse(configuration);
    }

    public GetStorageConfigurationResponse get(GetStorageConfigurationRequest request) {
        base.home().check(request.arn());
        return new GetStorageConfigurationResponse(base.store().read(h -> require(h, request.arn())));
    }

    public ListStorageConfigurationsResponse list(ListStorageConfigurationsRequest request) {
        int size = request.maxResults().orElse(base.quotas().defaultPage(Quota.STORAGE_CONFIGURATIONS, DEFAULT_PAGE));
        Pages.Page<StorageConfiguration> page = base.store()
                .read(h -> base.pages()
                        .page(
                                "storage-configurations",
                                request.nextToken(),
                                size,
                                (seq, n) -> TABLE.before(h, seq, n)));
        return new ListStorageConfigurationsResponse(page.items(), page.nextToken());
    }

    public void delete(DeleteStorageConfigurationRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            require(h, request.arn());
            InUse.checkCompositions(h, "storage_configuration_arn", request.arn());
            InUse.checkStages(h, request.arn());
            TABLE.delete(h, request.arn());
        });
    }

    /** The configuration with this ARN; throws {@link ApiException} of kind RESOURCE_NOT_FOUND. */
    public static StorageConfiguration require(Handle handle, String arn) {
        return TABLE.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    /** The bucket of the configuration with this ARN; empty when there is none. */
    public static Optional<String> bucket(Handle handle, String arn) {
        return TABLE.find(handle, arn).map(configuration -> configuration.s3().bucketName());
    }

    private static StorageConfiguration read(ResultSet row, StatementContext context) throws SQLException {
        return new StorageConfiguration(
                row.getString("arn"),
                row.getString("name"),
                new S3StorageConfiguration(row.getString("bucket_name")),
                Columns.strings(row, "tags"));
    }
}
