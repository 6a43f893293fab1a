"""Sessions, participants and their events, as boto3 sees them, with somebody who really publishes."""

import datetime

import pytest
from conftest import awaited, ended, publish

ATTRIBUTES = {"role": "host"}


class Published:
    """A stage and the one who publishes to it."""

    def __init__(self, stage, session, participant):
        self.stage = stage
        self.session = session
        self.participant = participant

    def ids(self, **more):
        return {"stageArn": self.stage, "sessionId": self.session} | more


@pytest.fixture(scope="module")
def published(ivs):
    stage = ivs.create_stage()["stage"]["arn"]
    process, token = publish(ivs, stage, userId="ada", attributes=ATTRIBUTES)
    session = awaited(lambda: ivs.get_stage(arn=stage)["stage"]["activeSessionId"], "a session")
    one = Published(stage, session, token["participantId"])
    awaited(lambda: participant(ivs, one)["published"], "media")
    yield one
    ended(process)
    ivs.delete_stage(arn=stage)


def participant(ivs, of):
    return ivs.get_participant(**of.ids(participantId=of.participant))["participant"]


def test_a_session_begins_with_the_first_participant(ivs, published):
    [session] = ivs.list_stage_sessions(stageArn=published.stage)["stageSessions"]
    assert session == {"sessionId": published.session, "startTime": session["startTime"]}
    assert ivs.get_stage_session(**published.ids())["stageSession"] == session


def test_a_participant_shows_every_member(ivs, published):
    shown = participant(ivs, published)
    joined = shown.pop("firstJoinTime")
    assert abs(datetime.datetime.now(datetime.timezone.utc) - joined) < datetime.timedelta(minutes=5)
    blank = ["ispName", "osName", "osVersion", "browserName", "browserVersion", "recordingS3BucketName", "recordingS3Prefix"]
    assert {name: shown.pop(name) for name in blank} == dict.fromkeys(blank, "")
    assert isinstance(shown.pop("sdkVersion"), str)
    assert shown.pop("replicationType") == "NONE"
    for name in ("replicationState", "sourceStageArn", "sourceSessionId", "ingestConfigurationArn"):
        shown.pop(name, None)  # nobody replicates, and nobody came by an ingest configuration
    shown.pop("redundantIngest", None)
    assert shown == {
        "participantId": published.participant,
        "userId": "ada",
        "state": "CONNECTED",
        "attributes": ATTRIBUTES,
        "published": True,
        "recordingState": "DISABLED",
        "protocol": "WHIP",
    }


@pytest.mark.parametrize(
    "filters, found",
    [
        ({}, True),
        ({"filterByUserId": "ada"}, True),
        ({"filterByUserId": "eve"}, False),
        ({"filterByPublished": True}, True),
        ({"filterByPublished": False}, False),
        ({"filterByState": "CONNECTED"}, True),
        ({"filterByState": "DISCONNECTED"}, False),
        ({"filterByRecordingState": "ACTIVE"}, False),
    ],
    ids=str,
)
def test_participants_are_listed_by_one_filter(ivs, published, filters, found):
    listed = ivs.list_participants(**published.ids(**filters))["participants"]
    assert [one["participantId"] for one in listed] == ([published.participant] if found else [])


def test_two_filters_are_one_too_many(ivs, published):
    with pytest.raises(ivs.exceptions.ValidationException, match="one"):
        ivs.list_participants(**published.ids(filterByUserId="ada", filterByState="CONNECTED"))


def test_events_are_told_newest_first(ivs, published):
    asked = published.ids(participantId=published.participant)
    events = ivs.list_participant_events(**asked)["events"]
    assert [event["name"] for event in events] == ["PUBLISH_STARTED", "JOINED"]
    assert {event["participantId"] for event in events} == {published.participant}
    first = ivs.list_participant_events(**asked, maxResults=1)
    second = ivs.list_participant_events(**asked, maxResults=1, nextToken=first["nextToken"])
    assert first["events"] + second["events"] == events


@pytest.mark.parametrize("name", ["sessionId", "participantId"])
def test_who_is_not_there_is_not_found(ivs, published, name):
    absent = {"sessionId": "st-absent0000000", "participantId": "absent"}
    with pytest.raises(ivs.exceptions.ResourceNotFoundException):
        ivs.get_participant(**(published.ids(participantId=published.participant) | {name: absent[name]}))


def test_a_participant_is_replicated_to_another_stage_and_back_out(ivs, published):
    other = ivs.create_stage()["stage"]["arn"]
    asked = {
        "sourceStageArn": published.stage,
        "destinationStageArn": other,
        "participantId": published.participant,
    }
    started = ivs.start_participant_replication(**asked, attributes={"role": "guest", "more": "1"})
    assert started["accessControlAllowOrigin"] == "*"
    session = ivs.get_stage(arn=other)["stage"]["activeSessionId"]
    of = {"stageArn": other, "sessionId": session, "participantId": published.participant}
    replica = ivs.get_participant(**of)["participant"]
    assert replica["attributes"] == ATTRIBUTES | {"role": "guest", "more": "1"}
    assert (replica["replicationType"], replica["replicationState"]) == ("REPLICA", "ACTIVE")
    assert (replica["sourceStageArn"], replica["sourceSessionId"]) == (published.stage, published.session)
    source = participant(ivs, published)
    assert (source["replicationType"], source["replicationState"]) == ("SOURCE", "ACTIVE")
    pages = ivs.get_paginator("list_participant_replicas").paginate(
        sourceStageArn=published.stage, participantId=published.participant, PaginationConfig={"PageSize": 1}
    )
    [listed] = [one for page in pages for one in page["replicas"]]
    assert listed == {
        "sourceStageArn": published.stage,
        "participantId": published.participant,
        "sourceSessionId": published.session,
        "destinationStageArn": other,
        "destinationSessionId": session,
        "replicationState": "ACTIVE",
    }
    with pytest.raises(ivs.exceptions.ValidationException):
        ivs.start_participant_replication(**(asked | {"destinationStageArn": published.stage}))
    ivs.stop_participant_replication(**asked)
    assert ivs.get_participant(**of)["participant"]["replicationState"] == "STOPPED"
    [event] = [
        event
        for event in ivs.list_participant_events(**published.ids(participantId=published.participant))["events"]
        if event["name"] == "REPLICATION_STOPPED"
    ]
    assert (event["destinationStageArn"], event["destinationSessionId"]) == (other, session)
    ivs.delete_stage(arn=other)


def test_a_configuration_of_the_recording_can_be_changed_while_nobody_is_recorded(ivs, published):
    ivs.update_stage(
        arn=published.stage, autoParticipantRecordingConfiguration={"storageConfigurationArn": "", "mediaTypes": []}
    )


def test_who_is_disconnected_has_left_for_good(ivs, published):  # the last one here: it ends what the others use
    ivs.disconnect_participant(stageArn=published.stage, participantId=published.participant, reason="done")
    awaited(lambda: participant(ivs, published)["state"] == "DISCONNECTED", "the end of the connection")
    asked = published.ids(participantId=published.participant)
    events = [event["name"] for event in ivs.list_participant_events(**asked)["events"]]
    names = [name for name in events if not name.startswith("REPLICATION")]
    assert names == ["LEFT", "PUBLISH_STOPPED", "PUBLISH_STARTED", "JOINED"]
    assert participant(ivs, published)["published"] is True
