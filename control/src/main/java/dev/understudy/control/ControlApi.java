package dev.understudy.control;

import dev.understudy.control.api.Api;
import dev.understudy.control.channel.ChannelApi;
import dev.understudy.control.channel.RecordingConfigurations;
import dev.understudy.control.composition.CompositionPlane;
import dev.understudy.control.composition.CompositionReports;
import dev.understudy.control.composition.Compositions;
import dev.understudy.control.composition.Compositions.GetCompositionRequest;
import dev.understudy.control.composition.Compositions.ListCompositionsRequest;
import dev.understudy.control.composition.Compositions.StartCompositionRequest;
import dev.understudy.control.composition.Compositions.StopCompositionRequest;
import dev.understudy.control.configuration.EncoderConfigurations;
import dev.understudy.control.configuration.EncoderConfigurations.CreateEncoderConfigurationRequest;
import dev.understudy.control.configuration.EncoderConfigurations.DeleteEncoderConfigurationRequest;
import dev.understudy.control.configuration.EncoderConfigurations.GetEncoderConfigurationRequest;
import dev.understudy.control.configuration.EncoderConfigurations.ListEncoderConfigurationsRequest;
import dev.understudy.control.configuration.StorageConfigurations;
import dev.understudy.control.configuration.StorageConfigurations.CreateStorageConfigurationRequest;
import dev.understudy.control.configuration.StorageConfigurations.DeleteStorageConfigurationRequest;
import dev.understudy.control.configuration.StorageConfigurations.GetStorageConfigurationRequest;
import dev.understudy.control.configuration.StorageConfigurations.ListStorageConfigurationsRequest;
import dev.understudy.control.event.Events;
import dev.understudy.control.event.Outbox;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.stage.IngestConfigurations;
import dev.understudy.control.stage.IngestConfigurations.CreateIngestConfigurationRequest;
import dev.understudy.control.stage.IngestConfigurations.DeleteIngestConfigurationRequest;
import dev.understudy.control.stage.IngestConfigurations.GetIngestConfigurationRequest;
import dev.understudy.control.stage.IngestConfigurations.ListIngestConfigurationsRequest;
import dev.understudy.control.stage.IngestConfigurations.UpdateIngestConfigurationRequest;
import dev.understudy.control.stage.ParticipantOperations;
import dev.understudy.control.stage.ParticipantOperations.DisconnectParticipantRequest;
import dev.understudy.control.stage.ParticipantOperations.GetParticipantRequest;
import dev.understudy.control.stage.ParticipantOperations.GetStageSessionRequest;
import dev.understudy.control.stage.ParticipantOperations.ListParticipantEventsRequest;
import dev.understudy.control.stage.ParticipantOperations.ListParticipantsRequest;
import dev.understudy.control.stage.ParticipantOperations.ListStageSessionsRequest;
import dev.understudy.control.stage.Participants;
import dev.understudy.control.stage.Replications;
import dev.understudy.control.stage.Replications.ListParticipantReplicasRequest;
import dev.understudy.control.stage.Replications.StartParticipantReplicationRequest;
import dev.understudy.control.stage.Replications.StopParticipantReplicationRequest;
import dev.understudy.control.stage.StagePlane;
import dev.understudy.control.stage.Stages;
import dev.understudy.control.stage.Stages.CreateStageRequest;
import dev.understudy.control.stage.Stages.DeleteStageRequest;
import dev.understudy.control.stage.Stages.GetStageRequest;
import dev.understudy.control.stage.Stages.ListStagesRequest;
import dev.understudy.control.stage.Stages.UpdateStageRequest;
import dev.understudy.control.tag.Tags;
import dev.understudy.control.tag.Tags.ListTagsForResourceRequest;
import dev.understudy.control.tag.Tags.TagResourceRequest;
import dev.understudy.control.tag.Tags.UntagResourceRequest;
import dev.understudy.control.token.NodeKey;
import dev.understudy.control.token.PublicKeys;
import dev.understudy.control.token.PublicKeys.DeletePublicKeyRequest;
import dev.understudy.control.token.PublicKeys.GetPublicKeyRequest;
import dev.understudy.control.token.PublicKeys.ImportPublicKeyRequest;
import dev.understudy.control.token.PublicKeys.ListPublicKeysRequest;
import dev.understudy.control.token.Tokens;
import dev.understudy.control.token.Tokens.CreateParticipantTokenRequest;
import java.time.Instant;
import java.util.Optional;

/** All services of the control side and which operation each of them serves. Thread-safe once made. */
public final class ControlApi {
    private final Foundation base;
    private final Tokens tokens;
    private final Outbox outbox;
    private final Stages stages;
    private final Participants participants;
    private final IngestConfigurations ingests;
    private final Compositions compositions;
    private final Events events;
    private final CompositionPlane compositionPlane;

    /** Puts the services together; the planes are the media side that they command. */
    public ControlApi(Foundation base, NodeKey nodeKey, StagePlane stagePlane, CompositionPlane compositionPlane) {
        this.base = base;
        this.tokens = new Tokens(base, nodeKey);
        this.events = new Events(base);
        this.outbox = events.outbox();
        this.stages = new Stages(base, tokens, stagePlane, outbox);
        this.participants = new Participants(base, stagePlane, outbox);
        this.ingests = new IngestConfigurations(base, stagePlane);
        this.compositions = new Compositions(base, compositionPlane, outbox);
        this.compositionPlane = compositionPlane;
    }

    /** Serves every operation that there is. */
    public Api register(Api api) {
        registerStages(api);
        registerParticipants(api);
        registerIngest(api);
        registerPublicKeys(api);
        registerConfigurations(api);
        registerCompositions(api);
        new ChannelApi(base).register(api);
        registerTags(api);
        return api;
    }

    private void registerStages(Api api) {
        api.operation("CreateStage", CreateStageRequest.class, stages::create)
                .operation("GetStage", GetStageRequest.class, stages::get)
                .operation("UpdateStage", UpdateStageRequest.class, stages::update)
                .operation("ListStages", ListStagesRequest.class, stages::list)
                .command("DeleteStage", DeleteStageRequest.class, this::deleteStage)
                .operation("CreateParticipantToken", CreateParticipantTokenRequest.class, tokens::create);
    }

    private void registerParticipants(Api api) {
        var operations = new ParticipantOperations(base);
        api.operation("GetParticipant", GetParticipantRequest.class, operations::getParticipant)
                .operation("ListParticipants", ListParticipantsRequest.class, operations::listParticipants)
                .operation("GetStageSession", GetStageSessionRequest.class, operations::getStageSession)
                .operation("ListStageSessions", ListStageSessionsRequest.class, operations::listStageSessions)
                .operation(
                        "ListParticipantEvents", ListParticipantEventsRequest.class, operations::listParticipantEvents)
                .command("DisconnectParticipant", DisconnectParticipantRequest.class, participants::disconnect);
        var replications = new Replications(base, outbox);
        api.operation("StartParticipantReplication", StartParticipantReplicationRequest.class, replications::start)
                .operation("StopParticipantReplication", StopParticipantReplicationRequest.class, replications::stop)
                .operation("ListParticipantReplicas", ListParticipantReplicasRequest.class, replications::list);
    }

    private void registerIngest(Api api) {
        api.operation("CreateIngestConfiguration", CreateIngestConfigurationRequest.class, ingests::create)
                .operation("GetIngestConfiguration", GetIngestConfigurationRequest.class, ingests::get)
                .operation("UpdateIngestConfiguration", UpdateIngestConfigurationRequest.class, ingests::update)
                .operation("ListIngestConfigurations", ListIngestConfigurationsRequest.class, ingests::list)
                .command("DeleteIngestConfiguration", DeleteIngestConfigurationRequest.class, ingests::delete);
    }

    private void registerPublicKeys(Api api) {
        var keys = new PublicKeys(base);
        api.operation("ImportPublicKey", ImportPublicKeyRequest.class, keys::importKey)
                .operation("GetPublicKey", GetPublicKeyRequest.class, keys::get)
                .operation("ListPublicKeys", ListPublicKeysRequest.class, keys::list)
                .command("DeletePublicKey", DeletePublicKeyRequest.class, keys::delete);
    }

    private void registerConfigurations(Api api) {
        var encoders = new EncoderConfigurations(base);
        api.operation("CreateEncoderConfiguration", CreateEncoderConfigurationRequest.class, encoders::create)
                .operation("GetEncoderConfiguration", GetEncoderConfigurationRequest.class, encoders::get)
                .operation("ListEncoderConfigurations", ListEncoderConfigurationsRequest.class, encoders::list)
                .command("DeleteEncoderConfiguration", DeleteEncoderConfigurationRequest.class, encoders::delete);
        var storages = new StorageConfigurations(base);
        api.operation("CreateStorageConfiguration", CreateStorageConfigurationRequest.class, request -> {
                    var answer = storages.create(request);
                    compositionPlane.bucketNamed(request.s3().bucketName());
                    return answer;
                })
                .operation("GetStorageConfiguration", GetStorageConfigurationRequest.class, storages::get)
                .operation("ListStorageConfigurations", ListStorageConfigurationsRequest.class, storages::list)
                .command("DeleteStorageConfiguration", DeleteStorageConfigurationRequest.class, storages::delete);
    }

    private void registerCompositions(Api api) {
        api.operation("StartComposition", StartCompositionRequest.class, compositions::start)
                .operation("GetComposition", GetCompositionRequest.class, compositions::get)
                .operation("ListCompositions", ListCompositionsRequest.class, compositions::list)
                .command("StopComposition", StopCompositionRequest.class, compositions::stop);
    }

    private void registerTags(Api api) {
        var tags = new Tags(base.store(), base.home());
        api.operation("ListTagsForResource", ListTagsForResourceRequest.class, tags::list)
                .command("TagResource", TagResourceRequest.class, tags::tag)
                .command("UntagResource", UntagResourceRequest.class, tags::untag);
    }

    /** A composition ends with its stage. */
    private void deleteStage(DeleteStageRequest request) {
        stages.delete(request);
        compositions.reports().stageDeleted(request.arn(), base.now());
    }

    /** Checks the tokens of those who come to join. */
    public Tokens tokens() {
        return tokens;
    }

    /** Where the media side reports who is there. */
    public Participants participants() {
        return participants;
    }

    /** Where the media side reports what becomes of compositions. */
    public CompositionReports compositionReports() {
        return compositions.reports();
    }

    /** The session that runs on a stage, {@code ""} while nobody is there; an ApiException when there is no such stage. */
    public String activeSession(String stageArn) {
        base.home().check(stageArn);
        return base.store().read(h -> Stages.require(h, stageArn)).activeSessionId();
    }

    /** The bucket that a storage or recording configuration writes to; empty when no such configuration has this ARN. */
    public Optional<String> bucketOf(String arn) {
        return base.store()
                .read(h -> StorageConfigurations.bucket(h, arn).or(() -> RecordingConfigurations.bucket(h, arn)));
    }

    /** Deletes everything that calls have made, and ends what runs: for tests that begin anew. */
    public void clear() {
        compositions.reports().stopAll(base.now());
        stages.disconnectAll();
        base.store().clear();
    }

    /** What has happened, for those who want to be told. */
    public Events events() {
        return events;
    }

    /** Lets time pass for everything that ends by itself. To be called about once a second; calling early does no harm. */
    public void elapsed(Instant now) {
        participants.elapsed(now);
        compositions.reports().elapsed(now);
        events.elapsed(now);
    }
}
