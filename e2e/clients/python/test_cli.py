"""The AWS CLI: a life of everything, and its answers beside those of its own documentation."""

import json
import pathlib
import re

import awscli
import pytest
from conftest import PUBLIC_KEY, awaited, ended, publish

#: Members that documented examples show and that depend on what has not happened in the life below.
NOT_SHOWN = {
    # shown by examples of an SDK's participant that subscribes
    "list-participant-events": {"events[].remoteParticipantId", "events[].errorCode"},
    "list-stage-sessions": {"stageSessions[].endTime"},
    "get-stage-session": {"stageSession.endTime"},
    # a slip of the pen in the documentation
    "list-ingest-configurations": {"ingestConfigurations[].participnatId"},
}

#: Examples that only a channel that is live can answer.
NO_ANSWER = {
    "get-stream",
    "get-stream-session",
    "list-streams",
    "list-stream-sessions",
    "put-metadata",
    "stop-stream",
}

EXAMPLES = pathlib.Path(awscli.__file__).parent / "examples"


@pytest.fixture(scope="module")
def answers():
    """By service and command: what the CLI printed. Filled by the two lives, which run first."""
    return {}


@pytest.fixture
def noted(aws, answers):
    """Runs a command and keeps its answer."""

    def run(line, *more):
        service, command = line.split()[:2]
        answer = aws(line, *more)
        answers.setdefault((service, command), []).append(answer)
        return answer

    return run


def replication_life(aws, stage, participant):
    other = aws("ivs-realtime create-stage --name stage3")["stage"]["arn"]
    asked = f"--source-stage-arn {stage} --destination-stage-arn {other} --participant-id {participant}"
    aws(f"ivs-realtime start-participant-replication {asked} --attributes role=guest")
    aws(f"ivs-realtime list-participant-replicas --source-stage-arn {stage} --participant-id {participant}")
    session = aws(f"ivs-realtime get-stage --arn {other}")["stage"]["activeSessionId"]
    aws(f"ivs-realtime list-participants --stage-arn {other} --session-id {session}")
    aws(f"ivs-realtime get-participant --stage-arn {other} --session-id {session} --participant-id {participant}")
    aws(f"ivs-realtime stop-participant-replication {asked}")
    aws(f"ivs-realtime delete-stage --arn {other}")


def participants_life(aws, stage, session, participant):
    of = f"--stage-arn {stage} --session-id {session}"
    one = f"--participant-id {participant}"
    aws(f"ivs-realtime list-stage-sessions --stage-arn {stage}")
    aws(f"ivs-realtime get-stage-session {of}")
    aws(f"ivs-realtime list-participants {of}")
    aws(f"ivs-realtime get-participant {of} {one}")
    aws(f"ivs-realtime list-participant-events {of} {one}")
    aws(f"ivs-realtime disconnect-participant --stage-arn {stage} {one}")


def compositions_life(aws, ivs, stage):
    encoder = aws("ivs-realtime create-encoder-configuration --name e --video bitrate=1000000,height=360,width=640")
    encoder = encoder["encoderConfiguration"]["arn"]
    storage = aws("ivs-realtime create-storage-configuration --name s --s3 bucketName=from-the-cli")
    storage = storage["storageConfiguration"]["arn"]
    aws(f"ivs-realtime get-encoder-configuration --arn {encoder}")
    aws(f"ivs-realtime get-storage-configuration --arn {storage}")
    aws("ivs-realtime list-encoder-configurations")
    aws("ivs-realtime list-storage-configurations")
    s3 = {"storageConfigurationArn": storage, "encoderConfigurationArns": [encoder]}
    thumbnails = {"thumbnailConfigurations": [{"targetIntervalSeconds": 60, "storage": ["LATEST"]}]}
    start = f"ivs-realtime start-composition --stage-arn {stage} --destinations"
    started = [
        aws(start, json.dumps([{"s3": s3}])),
        aws(start, json.dumps([{"s3": s3 | thumbnails}]), "--layout", "pip={featuredParticipantAttribute=a}"),
    ]
    for arn in [one["composition"]["arn"] for one in started]:
        awaited(lambda: ivs.get_composition(arn=arn)["composition"]["state"] == "ACTIVE", "the first picture")
        aws(f"ivs-realtime get-composition --arn {arn}")
        aws("ivs-realtime list-compositions")
        aws(f"ivs-realtime stop-composition --arn {arn}")
        awaited(lambda: ivs.get_composition(arn=arn)["composition"]["state"] == "STOPPED", "the composition's end")
        aws(f"ivs-realtime get-composition --arn {arn}")
    aws(f"ivs-realtime delete-encoder-configuration --arn {encoder}")
    aws(f"ivs-realtime delete-storage-configuration --arn {storage}")


def ingest_life(aws, stage):
    made = aws("ivs-realtime create-ingest-configuration --ingest-protocol RTMPS --name obs --redundant-ingest")
    arn = made["ingestConfiguration"]["arn"]
    aws(f"ivs-realtime get-ingest-configuration --arn {arn}")
    aws(f"ivs-realtime update-ingest-configuration --arn {arn} --stage-arn {stage}")
    aws("ivs-realtime list-ingest-configurations")
    aws(f"ivs-realtime delete-ingest-configuration --arn {arn} --force")


def test_a_life_on_a_stage(noted, ivs, tmp_path):
    aws = noted
    created = aws("ivs-realtime create-stage --name stage1 --participant-token-configurations userId=alice")
    stage = created["stage"]["arn"]
    aws(f"ivs-realtime create-participant-token --stage-arn {stage} --user-id bob --capabilities PUBLISH")
    key = tmp_path / "public.pem"
    key.write_text(PUBLIC_KEY)
    imported = aws(f"ivs-realtime import-public-key --name k --public-key-material file://{key}")["publicKey"]["arn"]
    aws(f"ivs-realtime get-public-key --arn {imported}")
    aws("ivs-realtime list-public-keys")
    aws(f"ivs-realtime delete-public-key --arn {imported}")
    ingest_life(aws, stage)
    process, token = publish(ivs, stage, userId="ada")
    session = awaited(lambda: ivs.get_stage(arn=stage)["stage"]["activeSessionId"], "a session")
    compositions_life(aws, ivs, stage)
    replication_life(aws, stage, token["participantId"])
    participants_life(aws, stage, session, token["participantId"])
    ended(process)
    aws(f"ivs-realtime tag-resource --resource-arn {stage} --tags a=1,b=2")
    aws(f"ivs-realtime untag-resource --resource-arn {stage} --tag-keys b")
    assert aws(f"ivs-realtime list-tags-for-resource --resource-arn {stage}") == {"tags": {"a": "1"}}
    aws(f"ivs-realtime update-stage --arn {stage} --name stage2")
    aws(f"ivs-realtime get-stage --arn {stage}")
    aws("ivs-realtime list-stages")
    aws(f"ivs-realtime delete-stage --arn {stage}")


def test_a_life_of_a_channel(noted, tmp_path):
    aws = noted
    created = aws("ivs create-channel --name c --latency-mode LOW --tags a=1")
    channel, key = created["channel"]["arn"], created["streamKey"]["arn"]
    aws(f"ivs get-channel --arn {channel}")
    aws(f"ivs batch-get-channel --arns {channel}")
    aws("ivs list-channels")
    aws(f"ivs get-stream-key --arn {key}")
    aws(f"ivs batch-get-stream-key --arns {key}")
    aws(f"ivs list-stream-keys --channel-arn {channel}")
    aws(f"ivs delete-stream-key --arn {key}")
    aws(f"ivs create-stream-key --channel-arn {channel}")
    recording = aws(
        "ivs create-recording-configuration --destination-configuration s3={bucketName=from-the-cli}"
        " --rendition-configuration renditionSelection=CUSTOM,renditions=HD"
        " --thumbnail-configuration recordingMode=INTERVAL,targetIntervalSeconds=1,resolution=LOWEST_RESOLUTION"
    )
    recording = recording["recordingConfiguration"]["arn"]
    aws(f"ivs get-recording-configuration --arn {recording}")
    aws("ivs list-recording-configurations")
    policy = aws("ivs create-playback-restriction-policy --name p --allowed-countries US --allowed-origins '*'")
    policy = policy["playbackRestrictionPolicy"]["arn"]
    aws(f"ivs get-playback-restriction-policy --arn {policy}")
    aws("ivs list-playback-restriction-policies")
    aws(f"ivs update-playback-restriction-policy --arn {policy} --name q")
    aws(f"ivs update-channel --arn {channel} --recording-configuration-arn {recording}")
    material = tmp_path / "public.pem"
    material.write_text(PUBLIC_KEY)
    pair = aws(f"ivs import-playback-key-pair --name k --public-key-material file://{material}")["keyPair"]["arn"]
    aws(f"ivs get-playback-key-pair --arn {pair}")
    aws("ivs list-playback-key-pairs")
    aws(f"ivs tag-resource --resource-arn {channel} --tags b=2")
    aws(f"ivs untag-resource --resource-arn {channel} --tag-keys a")
    assert aws(f"ivs list-tags-for-resource --resource-arn {channel}") == {"tags": {"b": "2"}}
    aws("ivs list-streams")
    aws(f"ivs list-stream-sessions --channel-arn {channel}")
    aws(f"ivs start-viewer-session-revocation --channel-arn {channel} --viewer-id v")
    missing = "channelArn=arn:aws:ivs:us-east-1:000000000000:channel/absent000000,viewerId=w"
    aws(f"ivs batch-start-viewer-session-revocation --viewer-sessions channelArn={channel},viewerId=v {missing}")
    aws(f"ivs delete-playback-key-pair --arn {pair}")
    aws(f"ivs delete-channel --arn {channel}")
    aws(f"ivs delete-recording-configuration --arn {recording}")
    aws(f"ivs delete-playback-restriction-policy --arn {policy}")


def documented():
    """(service, command, number, answer) of each example whose answer can be read, with the commas that some lack."""
    for path in sorted(EXAMPLES.glob("ivs*/*.rst")):
        service, command = path.parent.name, path.stem
        if service not in ("ivs", "ivs-realtime") or command in NO_ANSWER:
            continue
        outputs = re.findall(r"Output::\n\n((?:    .*\n|\n)+)", path.read_text())
        for number, text in enumerate(outputs, 1):
            text = re.sub(r'(["\d\]}]|true|false)(\n\s+")', r"\1,\2", text)
            text = re.sub(r",(\s*[\]}])", r"\1", text)
            try:
                answer = json.loads(text)
            except json.JSONDecodeError:
                continue  # beyond repair; the count below says how many are not
            yield pytest.param(service, command, answer, id=f"{service} {command} {number}")


def members(answer, path=""):
    """The paths of all members: what is under "tags" and "attributes" is the user's own."""
    if isinstance(answer, list):
        return {found for item in answer for found in members(item, path + "[]")}
    if not isinstance(answer, dict) or path.endswith(("tags", "attributes")):
        return {path}
    prefix = path + "." if path else ""
    nested = [members(value, prefix + name) for name, value in answer.items()]
    return set().union({path} if path else set(), *nested)


@pytest.mark.parametrize("service, command, example", list(documented()))
def test_an_answer_has_every_member_that_its_documentation_shows(answers, service, command, example):
    assert (service, command) in answers, "the lives above do not call it"
    ours = set().union(*(members(answer) for answer in answers[(service, command)] if answer))
    wanted = members(example) - NOT_SHOWN.get(command, set())
    wanted = {path for path in wanted if ".channel" not in path or service == "ivs"}
    assert wanted <= ours, sorted(wanted - ours)


def test_nearly_all_documented_answers_could_be_read():
    assert len(list(documented())) >= 60


def test_an_error_is_shown_as_the_cli_shows_those_of_aws(aws_fails):
    missing = "arn:aws:ivs:us-east-1:000000000000:stage/absent000000"
    assert f"(ResourceNotFoundException) when calling the GetStage operation: Resource: {missing} not found" in aws_fails(
        f"ivs-realtime get-stage --arn {missing}"
    )
