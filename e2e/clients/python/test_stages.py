"""Stages, tokens and public keys, as boto3 sees them."""

import base64
import datetime
import json
import re

import pytest
from conftest import PUBLIC_KEY, arn_of, whole, without_metadata

RECORDING = {
    "storageConfigurationArn": "",
    "mediaTypes": ["AUDIO_VIDEO"],
    "thumbnailConfiguration": {
        "targetIntervalSeconds": 60,
        "storage": ["SEQUENTIAL"],
        "recordingMode": "DISABLED",
    },
    "recordingReconnectWindowSeconds": 0,
    "hlsConfiguration": {"targetSegmentDurationSeconds": 6},
    "recordParticipantReplicas": True,
}


def test_a_new_stage_echoes_every_default(ivs):
    answer = without_metadata(ivs.create_stage())
    stage = answer.pop("stage")
    assert answer == {"participantTokens": []}
    endpoints = stage.pop("endpoints")
    assert sorted(endpoints) == ["events", "rtmp", "rtmps", "whip"]
    assert endpoints["whip"] == ivs.meta.endpoint_url + "/whip"
    assert arn_of("stage").match(stage.pop("arn"))
    assert stage == {
        "name": "",
        "activeSessionId": "",
        "tags": {},
        "autoParticipantRecordingConfiguration": RECORDING,
    }


def test_a_stage_round_trips_every_member(ivs, storage):
    recording = {
        "storageConfigurationArn": storage,
        "mediaTypes": ["AUDIO_ONLY"],
        "thumbnailConfiguration": {
            "targetIntervalSeconds": 86400,
            "storage": ["SEQUENTIAL", "LATEST"],
            "recordingMode": "INTERVAL",
        },
        "recordingReconnectWindowSeconds": 300,
        "hlsConfiguration": {"targetSegmentDurationSeconds": 10},
        "recordParticipantReplicas": False,
    }
    asked = {"name": "round-trip_1", "tags": {"a b": "+/="}}
    stage = ivs.create_stage(**asked, autoParticipantRecordingConfiguration=recording)["stage"]
    assert {name: stage[name] for name in asked} == asked
    assert stage["autoParticipantRecordingConfiguration"] == recording
    assert ivs.get_stage(arn=stage["arn"])["stage"] == stage

    reset = ivs.update_stage(
        arn=stage["arn"], name="", autoParticipantRecordingConfiguration={"storageConfigurationArn": ""}
    )["stage"]
    assert reset == stage | {"name": "", "autoParticipantRecordingConfiguration": RECORDING}
    ivs.delete_stage(arn=stage["arn"])


def test_a_stage_is_made_with_up_to_twelve_tokens(ivs):
    wishes = [{"userId": f"user-{i}", "duration": 5, "capabilities": ["SUBSCRIBE"]} for i in range(12)]
    answer = ivs.create_stage(participantTokenConfigurations=wishes)
    tokens = answer["participantTokens"]
    assert [token["userId"] for token in tokens] == [wish["userId"] for wish in wishes]
    assert {tuple(token["capabilities"]) for token in tokens} == {("SUBSCRIBE",)}
    assert len({token["participantId"] for token in tokens}) == 12
    ivs.delete_stage(arn=answer["stage"]["arn"])


def test_stages_are_listed_once_each_page_by_page(ivs):
    made = {ivs.create_stage(name=f"page-{i}")["stage"]["arn"] for i in range(7)}
    pages = whole(lambda **more: ivs.list_stages(maxResults=3, **more), "stages")
    listed = [stage["arn"] for stage in pages]
    assert len(listed) == len(set(listed))
    assert made <= set(listed)
    for arn in made:
        ivs.delete_stage(arn=arn)
    assert not made & {stage["arn"] for stage in whole(ivs.list_stages, "stages")}


def test_a_deleted_stage_is_gone(ivs, stage):
    ivs.delete_stage(arn=stage)
    with pytest.raises(ivs.exceptions.ResourceNotFoundException) as refused:
        ivs.get_stage(arn=stage)
    assert refused.value.response["Error"]["Message"] == f"Resource: {stage} not found"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert refused.value.response["exceptionMessage"] == f"Resource: {stage} not found"


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_a_token_lasts_twelve_hours_and_may_do_everything(ivs, stage):
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    token = ivs.create_participant_token(stageArn=stage)["participantToken"]
    assert token["duration"] == 720
    assert token["capabilities"] == ["PUBLISH", "SUBSCRIBE"]
    assert re.fullmatch("[a-zA-Z0-9]{12}", token["participantId"])
    assert datetime.timedelta(0) <= token["expirationTime"] - before - datetime.timedelta(hours=12)
    assert token["expirationTime"] - before < datetime.timedelta(hours=12, minutes=1)


def test_a_token_says_what_the_documentation_says_that_tokens_say(ivs, stage):
    attributes = {"role": "hôst"}
    token = ivs.create_participant_token(
        stageArn=stage, userId="ada", attributes=attributes, duration=20160, capabilities=["PUBLISH"]
    )["participantToken"]
    assert token["attributes"] == attributes
    said = claims(token["token"])
    endpoints = ivs.get_stage(arn=stage)["stage"]["endpoints"]
    assert said.pop("exp") - said.pop("iat") == 20160 * 60
    assert said == {
        "jti": token["participantId"],
        "resource": stage,
        "topic": stage.split("/")[1],
        "events_url": endpoints["events"],
        "whip_url": endpoints["whip"],
        "user_id": "ada",
        "attributes": attributes,
        "capabilities": {"allow_publish": True, "allow_subscribe": False},
        "version": "1.0",
    }


@pytest.mark.parametrize(
    "member, value",
    [("duration", 20161), ("userId", "u" * 129), ("attributes", {"a": "b" * 1024}), ("capabilities", ["ADMIN"])],
)
def test_a_token_that_asks_too_much_is_refused_by_name(ivs, stage, member, value):
    with pytest.raises(ivs.exceptions.ValidationException, match=member):
        ivs.create_participant_token(stageArn=stage, **{member: value})


def test_public_keys_come_and_go_and_number_three(ivs):
    key = ivs.import_public_key(publicKeyMaterial=PUBLIC_KEY, name="signer", tags={"a": "1"})["publicKey"]
    assert arn_of("public-key").match(key["arn"])
    assert re.fullmatch("([0-9a-f]{2}:){15}[0-9a-f]{2}", key["fingerprint"])
    assert key == {
        "arn": key["arn"],
        "name": "signer",
        "publicKeyMaterial": PUBLIC_KEY,
        "fingerprint": key["fingerprint"],
        "tags": {"a": "1"},
    }
    assert ivs.get_public_key(arn=key["arn"])["publicKey"] == key
    listed = [k for page in ivs.get_paginator("list_public_keys").paginate() for k in page["publicKeys"]]
    assert listed == [{"arn": key["arn"], "name": "signer", "tags": {"a": "1"}}]
    with pytest.raises(ivs.exceptions.ConflictException):
        ivs.import_public_key(publicKeyMaterial=PUBLIC_KEY)
    ivs.delete_public_key(arn=key["arn"])
    with pytest.raises(ivs.exceptions.ResourceNotFoundException):
        ivs.get_public_key(arn=key["arn"])
