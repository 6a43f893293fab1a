package dev.understudy.control.stage;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.stage.IngestRows.Credential;
import dev.understudy.control.stage.IngestRows.Filter;
import dev.understudy.control.stage.IngestRows.Row;
import dev.understudy.control.store.Pages;
import dev.understudy.control.tag.TagRules;
import dev.understudy.control.token.Disconnections;
import dev.understudy.control.token.Tokens;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The ingest configuration operations of the control API. Thread-safe. */
public final class IngestConfigurations {
    private static final int DEFAULT_PAGE = 50;

    /** The random part of a stream key; 178 bits. */
    private static final int SECRET_LENGTH = 30;

    private static final int REDUNDANT_STREAMS = 2;

    /**
     * As the API shows it.
     *
     * @param stageArn {@code ""} while the configuration leads to no stage
     * @param state ACTIVE while somebody publishes by it, else INACTIVE
     */
    public record IngestConfiguration(
            String arn,
            String name,
            String ingestProtocol,
            String streamKey,
            String stageArn,
            String participantId,
            String state,
            String userId,
            boolean redundantIngest,
            Optional<List<RedundantIngestCredential>> redundantIngestCredentials,
            Map<String, String> attributes,
            Map<String, String> tags) {}

    public record RedundantIngestCredential(String participantId, String streamKey) {}

    public record IngestConfigurationSummary(
            String arn,
            String name,
            String ingestProtocol,
            String stageArn,
            String participantId,
            String state,
            String userId,
            boolean redundantIngest) {}

    public record CreateIngestConfigurationRequest(
            Optional<String> name,
            Optional<String> stageArn,
            Optional<String> userId,
            Map<String, String> attributes,
            String ingestProtocol,
            boolean insecureIngest,
            boolean redundantIngest,
            Map<String, String> tags) {}

    public record CreateIngestConfigurationResponse(IngestConfiguration ingestConfiguration) {}

    public record GetIngestConfigurationRequest(String arn) {}

    public record GetIngestConfigurationResponse(IngestConfiguration ingestConfiguration) {}

    public record UpdateIngestConfigurationRequest(
            String arn, Optional<String> stageArn, Optional<Boolean> redundantIngest) {}

    public record UpdateIngestConfigurationResponse(IngestConfiguration ingestConfiguration) {}

    public record ListIngestConfigurationsRequest(
            Optional<String> filterByStageArn,
            Optional<String> filterByState,
            Optional<String> nextToken,
            Optional<Integer> maxResults) {}

    public record ListIngestConfigurationsResponse(
            List<IngestConfigurationSummary> ingestConfigurations, Optional<String> nextToken) {}

    public record DeleteIngestConfigurationRequest(String arn, boolean force) {}

    private final Foundation base;
    private final StagePlane plane;

    public IngestConfigurations(Foundation base, StagePlane plane) {
        this.base = base;
        this.plane = plane;
    }

    public CreateIngestConfigurationResponse create(CreateIngestConfigurationRequest request) {
        TagRules.check(request.tags().keySet());
        Tokens.checkAttributes(request.attributes());
        if (request.ingestProtocol().equals("RTMP") && !request.insecureIngest()) {
            throw ApiException.invalid("insecureIngest", "must be true when ingestProtocol is RTMP");
        }
        var row = new Row(
                base.newArn("ingest-configuration"),
                request.name().orElse(""),
                request.stageArn().orElse(""),
                request.userId().orElse(""),
                request.attributes(),
                request.ingestProtocol(),
                false,
                request.tags());
        return new CreateIngestConfigurationResponse(base.store().write(h -> {
            base.quotas().check(Quota.INGEST_CONFIGURATIONS, () -> IngestRows.count(h));
            checkStage(h, row.stageArn());
            IngestRows.insert(h, row);
            IngestRows.insert(h, row.arn(), 0, newCredential(row.arn()));
            if (request.redundantIngest()) {
                addRedundantCredentials(h, row.arn());
            }
            return shown(h, row);
        }));
    }

    public GetIngestConfigurationResponse get(GetIngestConfigurationRequest request) {
        base.home().check(request.arn());
        return new GetIngestConfigurationResponse(base.store().read(h -> shown(h, require(h, request.arn()))));
    }

    /** Leads the configuration to another stage, or to none, or changes how many streams it takes. */
    public UpdateIngestConfigurationResponse update(UpdateIngestConfigurationRequest request) {
        base.home().check(request.arn());
        return new UpdateIngestConfigurationResponse(base.store().write(h -> {
            Row row = require(h, request.arn());
            if (row.isActive()) {
                throw ApiException.conflict("Resource: " + row.arn() + " is active");
            }
            request.redundantIngest().ifPresent(isRedundant -> setRedundant(h, row.arn(), isRedundant));
            request.stageArn().ifPresent(stageArn -> lead(h, row.arn(), stageArn));
            return shown(h, require(h, row.arn()));
        }));
    }

    public ListIngestConfigurationsResponse list(ListIngestConfigurationsRequest request) {
        if (request.filterByStageArn().isPresent() && request.filterByState().isPresent()) {
            throw ApiException.validation("Only one of filterByStageArn and filterByState is allowed");
        }
        request.filterByStageArn().ifPresent(base.home()::checkAccount);
        var filter =
                new Filter(request.filterByStageArn(), request.filterByState().map("ACTIVE"::equals));
        return base.store().read(h -> {
            Pages.Page<Row> page = base.pages()
                    .page(
                            "ingest-configurations " + filter,
                            request.nextToken(),
                            request.maxResults().orElse(DEFAULT_PAGE),
                            (seq, limit) -> IngestRows.before(h, filter, seq, limit));
            var summaries = page.items().stream().map(row -> summary(h, row)).toList();
            return new ListIngestConfigurationsResponse(summaries, page.nextToken());
        });
    }

    /** Deletes a configuration; with force, whoever publishes by it is disconnected. */
    public void delete(DeleteIngestConfigurationRequest request) {
        base.home().check(request.arn());
        Deleted deleted = base.store().write(h -> {
            Row row = require(h, request.arn());
            if (row.isActive() && !request.force()) {
                throw ApiException.conflict("Resource: " + row.arn() + " is active; force deletes it all the same");
            }
            List<Credential> credentials = IngestRows.credentials(h, row.arn());
            IngestRows.delete(h, row.arn());
            return new Deleted(row, credentials);
        });
        if (deleted.row().isActive()) {
            deleted.credentials().forEach(c -> plane.disconnect(deleted.row().stageArn(), c.participantId()));
        }
    }

    private record Deleted(Row row, List<Credential> credentials) {}

    private static Row require(Handle handle, String arn) {
        return IngestRows.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    private void checkStage(Handle handle, String stageArn) {
        if (!stageArn.isEmpty()) {
            base.home().check(stageArn);
            Stages.require(handle, stageArn);
        }
    }

    /** Whoever was disconnected from the stage may come back, now that the configuration leads there again. */
    private void lead(Handle handle, String arn, String stageArn) {
        checkStage(handle, stageArn);
        IngestRows.setStage(handle, arn, stageArn);
        IngestRows.credentials(handle, arn).forEach(c -> Disconnections.delete(handle, stageArn, c.participantId()));
    }

    private void setRedundant(Handle handle, String arn, boolean isRedundant) {
        boolean wasRedundant = IngestRows.credentials(handle, arn).size() > 1;
        if (isRedundant && !wasRedundant) {
            addRedundantCredentials(handle, arn);
        } else if (!isRedundant) {
            IngestRows.deleteRedundantCredentials(handle, arn);
        }
    }

    private void addRedundantCredentials(Handle handle, String arn) {
        for (int position = 1; position <= REDUNDANT_STREAMS; position++) {
            IngestRows.insert(handle, arn, position, newCredential(arn));
        }
    }

    /** The key is of the form {@code rt_<account>_<region>_<id>_<secret>}. */
    private Credential newCredential(String arn) {
        Home home = base.home();
        String participantId = base.ids().next();
        String secret = base.ids().next(SECRET_LENGTH);
        return new Credential(
                participantId, "rt_" + home.account() + "_" + home.region() + "_" + Home.id(arn) + "_" + secret);
    }

    private static IngestConfiguration shown(Handle handle, Row row) {
        List<Credential> credentials = IngestRows.credentials(handle, row.arn());
        List<RedundantIngestCredential> redundant = credentials.stream()
                .skip(1)
                .map(c -> new RedundantIngestCredential(c.participantId(), c.streamKey()))
                .toList();
        return new IngestConfiguration(
                row.arn(),
                row.name(),
                row.protocol(),
                credentials.getFirst().streamKey(),
                row.stageArn(),
                credentials.getFirst().participantId(),
                state(row),
                row.userId(),
                !redundant.isEmpty(),
                redundant.isEmpty() ? Optional.empty() : Optional.of(redundant),
                row.attributes(),
                row.tags());
    }

    private static IngestConfigurationSummary summary(Handle handle, Row row) {
        List<Credential> credentials = IngestRows.credentials(handle, row.arn());
        return new IngestConfigurationSummary(
                row.arn(),
                row.name(),
                row.protocol(),
                row.stageArn(),
                credentials.getFirst().participantId(),
                state(row),
                row.userId(),
                credentials.size() > 1);
    }

    private static String state(Row row) {
        return row.isActive() ? "ACTIVE" : "INACTIVE";
    }
}
