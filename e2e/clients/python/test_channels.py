"""The sister service `ivs`: channels, stream keys and what they refer to, as boto3 sees them."""

import re

import pytest
from conftest import PUBLIC_KEY, arn_of, whole


@pytest.fixture
def channel(channels):
    made = channels.create_channel()
    yield made
    channels.delete_channel(arn=made["channel"]["arn"])


def test_a_new_channel_echoes_every_default(channels, channel):
    made, key = channel["channel"], channel["streamKey"]
    assert arn_of("channel").match(made["arn"])
    assert arn_of("stream-key").match(key["arn"])
    assert re.fullmatch(r"sk_us-east-1_[a-zA-Z0-9]{12}_[a-zA-Z0-9]+", key["value"])
    assert key == {"arn": key["arn"], "channelArn": made["arn"], "value": key["value"], "tags": {}}
    addresses = {name: made[name] for name in ("ingestEndpoint", "playbackUrl", "srt")}
    assert made == addresses | {
        "arn": made["arn"],
        "name": "",
        "latencyMode": "LOW",
        "type": "STANDARD",
        "authorized": False,
        "insecureIngest": False,
        "preset": "",
        "recordingConfigurationArn": "",
        "playbackRestrictionPolicyArn": "",
        "containerFormat": "TS",
        "tags": {},
        "multitrackInputConfiguration": {"enabled": False, "policy": "", "maximumResolution": ""},
    } | ({"adConfigurationArn": made["adConfigurationArn"]} if "adConfigurationArn" in made else {})
    assert channels.get_channel(arn=made["arn"])["channel"] == made


def test_a_channel_is_changed_listed_and_deleted(channels):
    arn = channels.create_channel(name="before", type="BASIC", latencyMode="NORMAL", tags={"a": "1"})["channel"]["arn"]
    changed = channels.update_channel(arn=arn, name="after", authorized=True, insecureIngest=True)["channel"]
    assert (changed["name"], changed["type"], changed["latencyMode"]) == ("after", "BASIC", "NORMAL")
    assert (changed["authorized"], changed["insecureIngest"], changed["tags"]) == (True, True, {"a": "1"})
    listed = [c for page in channels.get_paginator("list_channels").paginate(filterByName="after") for c in page["channels"]]
    assert [c["arn"] for c in listed] == [arn]
    channels.delete_channel(arn=arn)
    with pytest.raises(channels.exceptions.ResourceNotFoundException):
        channels.get_channel(arn=arn)


def test_a_channel_has_one_stream_key(channels, channel):
    arn, key = channel["channel"]["arn"], channel["streamKey"]
    with pytest.raises(channels.exceptions.ServiceQuotaExceededException):
        channels.create_stream_key(channelArn=arn)
    assert channels.get_stream_key(arn=key["arn"])["streamKey"] == key
    assert [k["arn"] for k in channels.list_stream_keys(channelArn=arn)["streamKeys"]] == [key["arn"]]
    channels.delete_stream_key(arn=key["arn"])
    other = channels.create_stream_key(channelArn=arn)["streamKey"]
    assert other["value"] != key["value"]


def test_batches_name_what_is_missing(channels, channel):
    arn, missing = channel["channel"]["arn"], "arn:aws:ivs:us-east-1:000000000000:channel/absent000000"
    answer = channels.batch_get_channel(arns=[arn, missing])
    assert [c["arn"] for c in answer["channels"]] == [arn]
    assert [(e["arn"], e["code"]) for e in answer["errors"]] == [(missing, "ResourceNotFoundException")]
    key = channel["streamKey"]["arn"]
    assert [k["arn"] for k in channels.batch_get_stream_key(arns=[key])["streamKeys"]] == [key]


def test_nothing_is_live(channels, channel):
    arn = channel["channel"]["arn"]
    offline = channels.exceptions.ChannelNotBroadcasting
    for call in (channels.get_stream, channels.stop_stream):
        with pytest.raises(offline) as refused:
            call(channelArn=arn)
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    with pytest.raises(offline):
        channels.put_metadata(channelArn=arn, metadata="m")
    assert channels.list_streams()["streams"] == []
    assert channels.list_stream_sessions(channelArn=arn)["streamSessions"] == []


def test_playback_key_pairs_come_and_go(channels):
    pair = channels.import_playback_key_pair(publicKeyMaterial=PUBLIC_KEY, name="viewer", tags={"a": "1"})["keyPair"]
    assert arn_of("playback-key").match(pair["arn"])
    assert channels.get_playback_key_pair(arn=pair["arn"])["keyPair"] == pair
    assert pair["arn"] in [p["arn"] for p in whole(channels.list_playback_key_pairs, "keyPairs")]
    channels.delete_playback_key_pair(arn=pair["arn"])
    with pytest.raises(channels.exceptions.ResourceNotFoundException):
        channels.get_playback_key_pair(arn=pair["arn"])


def test_recording_configurations_and_policies_serve_channels(channels):
    recording = channels.create_recording_configuration(
        name="rec", destinationConfiguration={"s3": {"bucketName": "channel-recordings"}}
    )["recordingConfiguration"]
    policy = channels.create_playback_restriction_policy(allowedCountries=["DE"], allowedOrigins=["https://a.example"])[
        "playbackRestrictionPolicy"
    ]
    channel = channels.create_channel(
        recordingConfigurationArn=recording["arn"], playbackRestrictionPolicyArn=policy["arn"]
    )["channel"]
    assert channel["recordingConfigurationArn"] == recording["arn"]
    with pytest.raises(channels.exceptions.ConflictException):
        channels.delete_recording_configuration(arn=recording["arn"])
    channels.delete_channel(arn=channel["arn"])
    channels.delete_recording_configuration(arn=recording["arn"])
    changed = channels.update_playback_restriction_policy(arn=policy["arn"], allowedCountries=[])
    assert changed["playbackRestrictionPolicy"]["allowedCountries"] == []
    channels.delete_playback_restriction_policy(arn=policy["arn"])


def test_viewer_sessions_are_revoked(channels, channel):
    arn = channel["channel"]["arn"]
    channels.start_viewer_session_revocation(channelArn=arn, viewerId="v", viewerSessionVersionsLessThanOrEqualTo=3)
    answer = channels.batch_start_viewer_session_revocation(
        viewerSessions=[
            {"channelArn": arn, "viewerId": "a"},
            {"channelArn": "arn:aws:ivs:us-east-1:000000000000:channel/absent000000", "viewerId": "b"},
        ]
    )
    assert [(e["viewerId"], e["code"]) for e in answer["errors"]] == [("b", "ResourceNotFoundException")]


def test_every_member_of_what_is_created_and_updated_comes_back(channels):
    tags = {"team": "live"}
    recording = {
        "name": "rec",
        "destinationConfiguration": {"s3": {"bucketName": "every-member"}},
        "thumbnailConfiguration": {
            "recordingMode": "INTERVAL",
            "targetIntervalSeconds": 5,
            "resolution": "HD",
            "storage": ["SEQUENTIAL", "LATEST"],
        },
        "recordingReconnectWindowSeconds": 300,
        "renditionConfiguration": {"renditionSelection": "CUSTOM", "renditions": ["HD", "SD"]},
        "tags": tags,
    }
    recorded = channels.create_recording_configuration(**recording)["recordingConfiguration"]
    assert_holds(recorded, recording)
    assert channels.get_recording_configuration(arn=recorded["arn"])["recordingConfiguration"] == recorded

    policy = {
        "allowedCountries": ["DE", "FR"],
        "allowedOrigins": ["https://a.example"],
        "enableStrictOriginEnforcement": True,
        "name": "policy",
        "tags": tags,
    }
    restricted = channels.create_playback_restriction_policy(**policy)["playbackRestrictionPolicy"]
    assert_holds(restricted, policy)
    changed = {
        "allowedCountries": ["US"],
        "allowedOrigins": [],
        "enableStrictOriginEnforcement": False,
        "name": "changed",
    }
    updated = channels.update_playback_restriction_policy(arn=restricted["arn"], **changed)
    assert_holds(updated["playbackRestrictionPolicy"], changed | {"tags": tags})

    tailor = "arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/{}"
    adverts = {
        "name": "ads",
        "mediaTailorPlaybackConfigurations": [{"playbackConfigurationArn": tailor.format("one")}],
        "postRollConfiguration": {"enabled": True, "durationSeconds": 30},
        "tags": tags,
    }
    advertising = channels.create_ad_configuration(**adverts)["adConfiguration"]
    assert_holds(advertising, adverts)
    changed = {"name": "more", "mediaTailorPlaybackConfigurations": [{"playbackConfigurationArn": tailor.format("two")}]}
    updated = channels.update_ad_configuration(arn=advertising["arn"], **changed)["adConfiguration"]
    assert_holds(updated, changed | {"tags": tags})

    channel = {
        "name": "channel",
        "latencyMode": "NORMAL",
        "type": "STANDARD",
        "authorized": True,
        "recordingConfigurationArn": recorded["arn"],
        "insecureIngest": True,
        "playbackRestrictionPolicyArn": restricted["arn"],
        "multitrackInputConfiguration": {"enabled": True, "policy": "REQUIRE", "maximumResolution": "FULL_HD"},
        "containerFormat": "FRAGMENTED_MP4",
        "adConfigurationArn": advertising["arn"],
        "tags": tags,
    }
    made = channels.create_channel(**channel)["channel"]
    assert_holds(made, channel)
    assert channels.get_channel(arn=made["arn"])["channel"] == made
    changed = {
        "name": "changed",
        "latencyMode": "LOW",
        "type": "ADVANCED_HD",
        "authorized": False,
        "recordingConfigurationArn": "",
        "insecureIngest": False,
        "preset": "CONSTRAINED_BANDWIDTH_DELIVERY",
        "playbackRestrictionPolicyArn": "",
        "multitrackInputConfiguration": {"enabled": False},
        "containerFormat": "TS",
        "adConfigurationArn": "",
    }
    updated = channels.update_channel(arn=made["arn"], **changed)["channel"]
    expected = changed | {"tags": tags}
    del expected["multitrackInputConfiguration"]
    assert_holds(updated, expected)
    assert updated["multitrackInputConfiguration"]["enabled"] is False

    channels.delete_channel(arn=made["arn"])
    channels.delete_ad_configuration(arn=advertising["arn"])
    channels.delete_playback_restriction_policy(arn=restricted["arn"])
    channels.delete_recording_configuration(arn=recorded["arn"])


def assert_holds(answer, asked):
    assert {name: answer.get(name) for name in asked} == asked
