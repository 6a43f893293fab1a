"""The plugin as its users have it: boto3 on one side, the node's controls on the other."""

import os
import re
import subprocess
import sys

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from understudy_testing import ControlRefused, NodeFailed
from understudy_testing.node import Node, find_command


@pytest.fixture
def ivs(understudy):
    return understudy.client("ivs-realtime", config=Config(retries={"total_max_attempts": 1}))


def error_code(refusal):
    return refusal.value.response["Error"]["Code"]


def test_each_test_begins_with_nothing(understudy, ivs):
    ivs.create_stage(name="left-over")

    understudy.reset()

    assert ivs.list_stages()["stages"] == []
    assert understudy.client("ivs").list_channels()["channels"] == []


def test_the_environment_leads_other_programs_here(understudy):
    environment = understudy.environment

    assert environment["AWS_ENDPOINT_URL"] == understudy.endpoint
    assert environment["AWS_REGION"] == "us-east-1"
    assert "aws_secret_access_key" in open(environment["AWS_SHARED_CREDENTIALS_FILE"]).read()


#: What users have in their environment, and what must not keep a test from its node.
FOREIGN = {
    "AWS_ACCESS_KEY_ID": "AKIAFOREIGN",
    "AWS_SECRET_ACCESS_KEY": "foreign",
    "AWS_SESSION_TOKEN": "foreign",
    "AWS_PROFILE": "work",
    "AWS_DEFAULT_PROFILE": "work",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL_IVS_REALTIME": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
}


@pytest.mark.parametrize("names", [*([name] for name in FOREIGN), list(FOREIGN)], ids=",".join)
def test_what_is_in_the_environment_keeps_nobody_from_the_node(understudy, monkeypatch, names):
    for name in names:
        monkeypatch.setenv(name, FOREIGN[name])

    assert understudy.client().list_stages()["stages"] == []
    script = "import boto3; print(boto3.client('ivs-realtime').list_stages()['stages'])"
    child = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **understudy.environment},
        capture_output=True,
        text=True,
    )
    assert (child.stdout, child.stderr) == ("[]\n", "")


def test_a_configuration_of_ones_own_counts(understudy):
    client = understudy.client(config=Config(user_agent_extra="booking-tests"))

    assert "booking-tests" in client.meta.config.user_agent


def test_ordered_failures_are_typed(understudy, ivs):
    understudy.fail_next("CreateStage", "ServiceQuotaExceededException", message="no more stages")
    understudy.fail_next("CreateStage", "ThrottlingException")

    with pytest.raises(ivs.exceptions.ServiceQuotaExceededException, match="no more stages"):
        ivs.create_stage()
    with pytest.raises(ClientError) as throttled:
        ivs.create_stage()
    assert error_code(throttled) == "ThrottlingException"
    assert ivs.create_stage()["stage"]["arn"]


def test_boto3_retries_what_is_throttled(understudy):
    understudy.fail_next("CreateStage", "ThrottlingException", times=2)

    answer = understudy.client(config=Config(retries={"mode": "standard", "total_max_attempts": 3})).create_stage()

    assert answer["ResponseMetadata"]["RetryAttempts"] == 2


def test_a_simulated_participant_can_be_asked_for(understudy, ivs):
    stage = ivs.create_stage()["stage"]["arn"]
    ada = understudy.join(
        stage, user_id="ada", attributes={"seat": "4"}, user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    )
    understudy.publish(ada)
    who = dict(stageArn=stage, sessionId=ada.session_id, participantId=ada.participant_id)

    participant = ivs.get_participant(**who)["participant"]
    assert (participant["state"], participant["published"], participant["userId"]) == ("CONNECTED", True, "ada")
    assert participant["browserName"] == "Firefox"
    understudy.unpublish(ada)
    understudy.leave(ada)

    assert [event["name"] for event in ivs.list_participant_events(**who)["events"]] == [
        "LEFT",
        "PUBLISH_STOPPED",
        "PUBLISH_STARTED",
        "JOINED",
    ]


def test_an_event_can_be_made_up(understudy, ivs):
    ada = understudy.join(ivs.create_stage()["stage"]["arn"])

    understudy.event(
        ada, "REPLICATION_STARTED", destinationStageArn=ada.stage_arn, destinationSessionId=ada.session_id
    )
    understudy.event(ada, "PUBLISH_ERROR", error_code="BITRATE_EXCEEDED")

    events = ivs.list_participant_events(
        stageArn=ada.stage_arn, sessionId=ada.session_id, participantId=ada.participant_id
    )["events"]
    assert (events[0]["name"], events[0]["errorCode"]) == ("PUBLISH_ERROR", "BITRATE_EXCEEDED")
    assert (events[1]["name"], events[1]["destinationStageArn"]) == ("REPLICATION_STARTED", ada.stage_arn)


def test_a_session_ends_as_time_passes(understudy, ivs):
    stage = ivs.create_stage()["stage"]["arn"]
    understudy.leave(understudy.join(stage))

    now = understudy.advance(600)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", now)
    assert ivs.get_stage(arn=stage)["stage"]["activeSessionId"] == ""


def test_a_wrong_control_says_what_is_wrong(understudy):
    with pytest.raises(ControlRefused, match="'operation' is 'MakeStage' and not one of"):
        understudy.fail_next("MakeStage", "ConflictException")
    with pytest.raises(ControlRefused, match="'seconds' is not a whole number"):
        understudy.advance(-1)


def test_a_node_that_does_not_start_says_why(understudy_node, tmp_path):
    with pytest.raises(NodeFailed, match="'moon' is not of the form us-east-1"):
        Node.start(tmp_path / "data", arguments=["--region", "moon"])


def test_the_launcher_is_looked_for_upwards_and_named_when_missing(tmp_path, monkeypatch):
    monkeypatch.delenv("UNDERSTUDY_COMMAND", raising=False)
    monkeypatch.setenv("PATH", "")
    launcher = tmp_path / "understudy"
    launcher.write_text("#!/bin/sh\n")
    launcher.chmod(0o755)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)

    assert find_command(below) == str(launcher)
    launcher.unlink()
    with pytest.raises(NodeFailed, match="--understudy-command or UNDERSTUDY_COMMAND"):
        find_command(below)
