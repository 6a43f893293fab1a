"""Ingest configurations and tags, as boto3 sees them."""

import re

import pytest
from conftest import arn_of

STREAM_KEY = re.compile(r"rt_000000000000_us-east-1_[a-zA-Z0-9]{12}_[a-zA-Z0-9]+\Z")


@pytest.fixture
def ingest(ivs):
    made = ivs.create_ingest_configuration(ingestProtocol="RTMPS")["ingestConfiguration"]
    yield made
    try:
        ivs.delete_ingest_configuration(arn=made["arn"], force=True)
    except ivs.exceptions.ResourceNotFoundException:
        pass  # the test was about that


def test_a_new_ingest_configuration_leads_nowhere_yet(ivs, ingest):
    assert arn_of("ingest-configuration").match(ingest["arn"])
    assert STREAM_KEY.match(ingest["streamKey"])
    assert ingest == {
        "name": "",
        "arn": ingest["arn"],
        "ingestProtocol": "RTMPS",
        "streamKey": ingest["streamKey"],
        "stageArn": "",
        "participantId": ingest["participantId"],
        "state": "INACTIVE",
        "userId": "",
        "attributes": {},
        "redundantIngest": False,
        "tags": {},
    }
    assert ivs.get_ingest_configuration(arn=ingest["arn"])["ingestConfiguration"] == ingest


def test_an_ingest_configuration_leads_to_a_stage_until_that_is_gone(ivs, ingest, stage):
    led = ivs.update_ingest_configuration(arn=ingest["arn"], stageArn=stage)["ingestConfiguration"]
    assert led == ingest | {"stageArn": stage}
    assert ingest["arn"] in [
        configuration["arn"]
        for page in ivs.get_paginator("list_ingest_configurations").paginate(filterByStageArn=stage)
        for configuration in page["ingestConfigurations"]
    ]
    ivs.delete_stage(arn=stage)
    assert ivs.get_ingest_configuration(arn=ingest["arn"])["ingestConfiguration"]["stageArn"] == ""


def test_redundant_ingest_has_two_credentials(ivs, ingest):
    assert "redundantIngestCredentials" not in ingest
    led = ivs.update_ingest_configuration(arn=ingest["arn"], redundantIngest=True)["ingestConfiguration"]
    credentials = led["redundantIngestCredentials"]
    assert len(credentials) == 2
    assert len({credential["participantId"] for credential in credentials}) == 2
    assert all(STREAM_KEY.match(credential["streamKey"]) for credential in credentials)


def test_plain_rtmp_must_be_asked_for_twice(ivs):
    with pytest.raises(ivs.exceptions.ValidationException, match="insecureIngest"):
        ivs.create_ingest_configuration(ingestProtocol="RTMP")
    arn = ivs.create_ingest_configuration(ingestProtocol="RTMP", insecureIngest=True)["ingestConfiguration"]["arn"]
    ivs.delete_ingest_configuration(arn=arn)


@pytest.mark.parametrize("kind", ["stage", "encoder", "storage"])
def test_tags_come_and_go(ivs, request, kind):
    arn = request.getfixturevalue(kind)
    ivs.tag_resource(resourceArn=arn, tags={"a": "1", "b c": "_.:/=+-@"})
    ivs.tag_resource(resourceArn=arn, tags={"a": "2"})
    assert ivs.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "2", "b c": "_.:/=+-@"}
    ivs.untag_resource(resourceArn=arn, tagKeys=["a", "absent"])
    assert ivs.list_tags_for_resource(resourceArn=arn)["tags"] == {"b c": "_.:/=+-@"}


def test_fifty_tags_are_the_most_and_too_many_change_nothing(ivs, stage):
    ivs.tag_resource(resourceArn=stage, tags={f"k{i}": "v" for i in range(50)})
    with pytest.raises(ivs.exceptions.ValidationException):
        ivs.tag_resource(resourceArn=stage, tags={"k0": "changed", "one": "more"})
    assert ivs.list_tags_for_resource(resourceArn=stage)["tags"] == {f"k{i}": "v" for i in range(50)}


def test_the_prefix_aws_is_reserved(ivs, stage):
    with pytest.raises(ivs.exceptions.ValidationException):
        ivs.tag_resource(resourceArn=stage, tags={"aws:mine": "v"})
