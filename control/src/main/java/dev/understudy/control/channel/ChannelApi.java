package dev.understudy.control.channel;

import dev.understudy.control.api.Api;
import dev.understudy.control.channel.AdConfigurations.CreateAdConfigurationRequest;
import dev.understudy.control.channel.AdConfigurations.DeleteAdConfigurationRequest;
import dev.understudy.control.channel.AdConfigurations.GetAdConfigurationRequest;
import dev.understudy.control.channel.AdConfigurations.ListAdConfigurationsRequest;
import dev.understudy.control.channel.AdConfigurations.UpdateAdConfigurationRequest;
import dev.understudy.control.channel.Channels.BatchGetChannelRequest;
import dev.understudy.control.channel.Channels.CreateChannelRequest;
import dev.understudy.control.channel.Channels.DeleteChannelRequest;
import dev.understudy.control.channel.Channels.GetChannelRequest;
import dev.understudy.control.channel.Channels.ListChannelsRequest;
import dev.understudy.control.channel.Channels.UpdateChannelRequest;
import dev.understudy.control.channel.PlaybackKeyPairs.DeletePlaybackKeyPairRequest;
import dev.understudy.control.channel.PlaybackKeyPairs.GetPlaybackKeyPairRequest;
import dev.understudy.control.channel.PlaybackKeyPairs.ImportPlaybackKeyPairRequest;
import dev.understudy.control.channel.PlaybackKeyPairs.ListPlaybackKeyPairsRequest;
import dev.understudy.control.channel.PlaybackRestrictionPolicies.CreatePlaybackRestrictionPolicyRequest;
import dev.understudy.control.channel.PlaybackRestrictionPolicies.DeletePlaybackRestrictionPolicyRequest;
import dev.understudy.control.channel.PlaybackRestrictionPolicies.GetPlaybackRestrictionPolicyRequest;
import dev.understudy.control.channel.PlaybackRestrictionPolicies.ListPlaybackRestrictionPoliciesRequest;
import dev.understudy.control.channel.PlaybackRestrictionPolicies.UpdatePlaybackRestrictionPolicyRequest;
import dev.understudy.control.channel.RecordingConfigurations.CreateRecordingConfigurationRequest;
import dev.understudy.control.channel.RecordingConfigurations.DeleteRecordingConfigurationRequest;
import dev.understudy.control.channel.RecordingConfigurations.GetRecordingConfigurationRequest;
import dev.understudy.control.channel.RecordingConfigurations.ListRecordingConfigurationsRequest;
import dev.understudy.control.channel.StreamKeys.BatchGetStreamKeyRequest;
import dev.understudy.control.channel.StreamKeys.CreateStreamKeyRequest;
import dev.understudy.control.channel.StreamKeys.DeleteStreamKeyRequest;
import dev.understudy.control.channel.StreamKeys.GetStreamKeyRequest;
import dev.understudy.control.channel.StreamKeys.ListStreamKeysRequest;
import dev.understudy.control.channel.Streams.GetStreamRequest;
import dev.understudy.control.channel.Streams.GetStreamSessionRequest;
import dev.understudy.control.channel.Streams.InsertAdBreakRequest;
import dev.understudy.control.channel.Streams.ListStreamSessionsRequest;
import dev.understudy.control.channel.Streams.ListStreamsRequest;
import dev.understudy.control.channel.Streams.PutMetadataRequest;
import dev.understudy.control.channel.Streams.StopStreamRequest;
import dev.understudy.control.channel.ViewerSessions.BatchStartViewerSessionRevocationRequest;
import dev.understudy.control.channel.ViewerSessions.StartViewerSessionRevocationRequest;
import dev.understudy.control.resource.Foundation;

/** All services of the low-latency side and which operation each of them serves. Thread-safe. */
public final class ChannelApi {
    private final Foundation base;

    public ChannelApi(Foundation base) {
        this.base = base;
    }

    /** Serves every operation that there is. */
    public void register(Api api) {
        registerChannels(api);
        registerStreamKeys(api);
        registerStreams(api);
        registerRecordingConfigurations(api);
        registerPlaybackKeyPairs(api);
        registerPlaybackRestrictionPolicies(api);
        registerAdConfigurations(api);
        var viewers = new ViewerSessions(base);
        api.operation("StartViewerSessionRevocation", StartViewerSessionRevocationRequest.class, viewers::revoke)
                .operation(
                        "BatchStartViewerSessionRevocation",
                        BatchStartViewerSessionRevocationRequest.class,
                        viewers::revokeMany);
    }

    private void registerChannels(Api api) {
        var channels = new Channels(base);
        api.operation("CreateChannel", CreateChannelRequest.class, channels::create)
                .operation("GetChannel", GetChannelRequest.class, channels::get)
                .operation("BatchGetChannel", BatchGetChannelRequest.class, channels::batchGet)
                .operation("UpdateChannel", UpdateChannelRequest.class, channels::update)
                .operation("ListChannels", ListChannelsRequest.class, channels::list)
                .command("DeleteChannel", DeleteChannelRequest.class, channels::delete);
    }

    private void registerStreamKeys(Api api) {
        var keys = new StreamKeys(base);
        api.operation("CreateStreamKey", CreateStreamKeyRequest.class, keys::create)
                .operation("GetStreamKey", GetStreamKeyRequest.class, keys::get)
                .operation("BatchGetStreamKey", BatchGetStreamKeyRequest.class, keys::batchGet)
                .operation("ListStreamKeys", ListStreamKeysRequest.class, keys::list)
                .command("DeleteStreamKey", DeleteStreamKeyRequest.class, keys::delete);
    }

    private void registerStreams(Api api) {
        var streams = new Streams(base);
        api.operation("ListStreams", ListStreamsRequest.class, streams::list)
                .operation("ListStreamSessions", ListStreamSessionsRequest.class, streams::listSessions)
                .command("GetStream", GetStreamRequest.class, streams::get)
                .command("GetStreamSession", GetStreamSessionRequest.class, streams::getSession)
                .command("StopStream", StopStreamRequest.class, streams::stop)
                .command("PutMetadata", PutMetadataRequest.class, streams::putMetadata)
                .command("InsertAdBreak", InsertAdBreakRequest.class, streams::insertAdBreak);
    }

    private void registerRecordingConfigurations(Api api) {
        var recordings = new RecordingConfigurations(base);
        api.operation("CreateRecordingConfiguration", CreateRecordingConfigurationRequest.class, recordings::create)
                .operation("GetRecordingConfiguration", GetRecordingConfigurationRequest.class, recordings::get)
                .operation("ListRecordingConfigurations", ListRecordingConfigurationsRequest.class, recordings::list)
                .command("DeleteRecordingConfiguration", DeleteRecordingConfigurationRequest.class, recordings::delete);
    }

    private void registerPlaybackKeyPairs(Api api) {
        var keyPairs = new PlaybackKeyPairs(base);
        api.operation("ImportPlaybackKeyPair", ImportPlaybackKeyPairRequest.class, keyPairs::importKeyPair)
                .operation("GetPlaybackKeyPair", GetPlaybackKeyPairRequest.class, keyPairs::get)
                .operation("ListPlaybackKeyPairs", ListPlaybackKeyPairsRequest.class, keyPairs::list)
                .command("DeletePlaybackKeyPair", DeletePlaybackKeyPairRequest.class, keyPairs::delete);
    }

    private void registerPlaybackRestrictionPolicies(Api api) {
        var policies = new PlaybackRestrictionPolicies(base);
        api.operation("CreatePlaybackRestrictionPolicy", CreatePlaybackRestrictionPolicyRequest.class, policies::create)
                .operation("GetPlaybackRestrictionPolicy", GetPlaybackRestrictionPolicyRequest.class, policies::get)
                .operation(
                        "UpdatePlaybackRestrictionPolicy",
                        UpdatePlaybackRestrictionPolicyRequest.class,
                        policies::update)
                .operation(
                        "ListPlaybackRestrictionPolicies", ListPlaybackRestrictionPoliciesRequest.class, policies::list)
                .command(
                        "DeletePlaybackRestrictionPolicy",
                        DeletePlaybackRestrictionPolicyRequest.class,
                        policies::delete);
    }

    private void registerAdConfigurations(Api api) {
        var ads = new AdConfigurations(base);
        api.operation("CreateAdConfiguration", CreateAdConfigurationRequest.class, ads::create)
                .operation("GetAdConfiguration", GetAdConfigurationRequest.class, ads::get)
                .operation("UpdateAdConfiguration", UpdateAdConfigurationRequest.class, ads::update)
                .operation("ListAdConfigurations", ListAdConfigurationsRequest.class, ads::list)
                .command("DeleteAdConfiguration", DeleteAdConfigurationRequest.class, ads::delete);
    }
}
