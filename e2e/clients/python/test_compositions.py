"""Compositions and what they refer to, as boto3 sees them."""

import concurrent.futures
import uuid

import pytest
from conftest import arn_of, stop, whole

GRID = {
    "featuredParticipantAttribute": "",
    "gridGap": 2,
    "omitStoppedVideo": False,
    "participantOrderAttribute": "",
    "videoAspectRatio": "VIDEO",
    "videoFillMode": "",
}
PIP = {
    "featuredParticipantAttribute": "",
    "gridGap": 0,
    "omitStoppedVideo": False,
    "participantOrderAttribute": "",
    "pipBehavior": "STATIC",
    "pipOffset": 0,
    "pipParticipantAttribute": "",
    "pipPosition": "BOTTOM_RIGHT",
    "videoFillMode": "COVER",
}


def test_an_encoder_configuration_is_720p30_unless_it_says_otherwise(ivs):
    made = ivs.create_encoder_configuration()["encoderConfiguration"]
    assert arn_of("encoder-configuration").match(made["arn"])
    assert made == {
        "arn": made["arn"],
        "name": "",
        "tags": {},
        "video": {"width": 1280, "height": 720, "framerate": 30.0, "bitrate": 2500000},
    }
    assert ivs.get_encoder_configuration(arn=made["arn"])["encoderConfiguration"] == made
    assert {"arn": made["arn"], "name": "", "tags": {}} in whole(
        ivs.list_encoder_configurations, "encoderConfigurations"
    )
    ivs.delete_encoder_configuration(arn=made["arn"])
    with pytest.raises(ivs.exceptions.ResourceNotFoundException):
        ivs.get_encoder_configuration(arn=made["arn"])


@pytest.mark.parametrize(
    "video",
    [
        {"width": 1921},
        {"height": 3},
        {"framerate": 60.5},
        {"bitrate": 8500001},
        {"width": 1279},
        {"width": 1920, "height": 1082},
    ],
)
def test_an_encoder_that_there_is_not_is_refused(ivs, video):
    with pytest.raises(ivs.exceptions.ValidationException):
        ivs.create_encoder_configuration(video=video)


def test_a_storage_configuration_names_a_bucket(ivs):
    made = ivs.create_storage_configuration(s3={"bucketName": "a.bucket-1"}, name="store", tags={"k": "v"})
    made = made["storageConfiguration"]
    assert arn_of("storage-configuration").match(made["arn"])
    assert made == {"arn": made["arn"], "name": "store", "s3": {"bucketName": "a.bucket-1"}, "tags": {"k": "v"}}
    assert ivs.get_storage_configuration(arn=made["arn"])["storageConfiguration"] == made
    assert made in whole(ivs.list_storage_configurations, "storageConfigurations")
    ivs.delete_storage_configuration(arn=made["arn"])


def test_a_composition_echoes_every_default(ivs, start, stage, encoder, storage):
    made = start()
    [destination] = made["destinations"]
    prefix = "/".join([stage.split("/")[1], made["arn"].split("/")[1], destination["id"], "composite"])
    assert arn_of("composition").match(made["arn"])
    assert made == {
        "arn": made["arn"],
        "stageArn": stage,
        "state": "STARTING",
        "layout": {"grid": GRID},
        "destinations": [
            {
                "id": destination["id"],
                "state": "STARTING",
                "configuration": {
                    "name": "",
                    "s3": {
                        "storageConfigurationArn": storage,
                        "encoderConfigurationArns": [encoder],
                        "recordingConfiguration": {
                            "format": "HLS",
                            "hlsConfiguration": {"targetSegmentDurationSeconds": 2},
                        },
                    },
                },
                "detail": {"s3": {"recordingPrefix": prefix}},
            }
        ],
        "tags": {},
        "startTime": made["startTime"],
    }
    assert ivs.get_composition(arn=made["arn"])["composition"] == made


def test_picture_in_picture_echoes_its_defaults(start):
    assert start(layout={"pip": {}})["layout"] == {"pip": PIP}


def test_a_composition_round_trips_every_member(ivs, stage, encoder, storage):
    grid = {
        "featuredParticipantAttribute": "isFeatured",
        "gridGap": 7,
        "omitStoppedVideo": True,
        "participantOrderAttribute": "order",
        "videoAspectRatio": "SQUARE",
        "videoFillMode": "CONTAIN",
    }
    s3 = {
        "storageConfigurationArn": storage,
        "encoderConfigurationArns": [encoder],
        "recordingConfiguration": {"format": "HLS", "hlsConfiguration": {"targetSegmentDurationSeconds": 10}},
        "thumbnailConfigurations": [{"targetIntervalSeconds": 1, "storage": ["SEQUENTIAL", "LATEST"]}],
    }
    made = ivs.start_composition(
        stageArn=stage, destinations=[{"name": "archive", "s3": s3}], layout={"grid": grid}, tags={"a": "1"}
    )["composition"]
    assert made["layout"] == {"grid": grid}
    assert made["destinations"][0]["configuration"] == {"name": "archive", "s3": s3}
    assert made["tags"] == {"a": "1"}
    stop(ivs, made["arn"])


def test_the_same_token_and_request_is_the_same_composition(ivs, start):
    once = uuid.uuid4().hex  # ended compositions of another run may still be remembered
    first = start(idempotencyToken=once)
    assert start(idempotencyToken=once)["arn"] == first["arn"]
    # What is asked for counts, not how it is said: this is the default.
    assert start(idempotencyToken=once, layout={"grid": {"gridGap": 2}})["arn"] == first["arn"]
    for other in [{"layout": {"pip": {}}}, {"tags": {"a": "1"}}]:
        with pytest.raises(ivs.exceptions.ConflictException):
            start(idempotencyToken=once, **other)


def test_repeats_at_the_same_time_are_one_composition(start):
    once = uuid.uuid4().hex
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: start(idempotencyToken=once)["arn"], range(16)))
    assert len(set(begun)) == 1


def test_compositions_are_listed_by_stage_and_by_encoder(ivs, start, stage, encoder):
    made = start(tags={"k": "v"})
    by_stage = whole(lambda **more: ivs.list_compositions(filterByStageArn=stage, **more), "compositions")
    assert by_stage == [
        {
            "arn": made["arn"],
            "stageArn": stage,
            "state": by_stage[0]["state"],
            "destinations": [{"id": made["destinations"][0]["id"], "state": by_stage[0]["destinations"][0]["state"]}],
            "tags": {"k": "v"},
            "startTime": made["startTime"],
        }
    ]
    by_encoder = ivs.list_compositions(filterByEncoderConfigurationArn=encoder)["compositions"]
    assert [composition["arn"] for composition in by_encoder] == [made["arn"]]
    with pytest.raises(ivs.exceptions.ValidationException):
        ivs.list_compositions(filterByStageArn=stage, filterByEncoderConfigurationArn=encoder)


def test_what_a_composition_uses_cannot_be_deleted_until_it_has_ended(ivs, start, encoder, storage):
    made = start()
    with pytest.raises(ivs.exceptions.ConflictException):
        ivs.delete_encoder_configuration(arn=encoder)
    with pytest.raises(ivs.exceptions.ConflictException):
        ivs.delete_storage_configuration(arn=storage)
    stop(ivs, made["arn"])
    ended = ivs.get_composition(arn=made["arn"])["composition"]
    assert ended["state"] == "STOPPED"
    assert ended["endTime"] >= ended["startTime"]
    # The fixtures delete both now, which fails if they may not.


def test_a_composition_ends_with_its_stage(ivs, start, stage):
    made = start()
    ivs.delete_stage(arn=stage)
    assert ivs.get_composition(arn=made["arn"])["composition"]["state"] in ("STOPPING", "STOPPED")


@pytest.mark.parametrize("member", ["stageArn", "encoder", "storage"])
def test_what_a_composition_refers_to_must_be_there(ivs, stage, encoder, storage, member):
    missing = "arn:aws:ivs:us-east-1:000000000000:{}/absent000000"
    arns = {"stageArn": stage, "encoder": encoder, "storage": storage}
    kinds = {"stageArn": "stage", "encoder": "encoder-configuration", "storage": "storage-configuration"}
    arns[member] = missing.format(kinds[member])
    s3 = {"storageConfigurationArn": arns["storage"], "encoderConfigurationArns": [arns["encoder"]]}
    with pytest.raises(ivs.exceptions.ResourceNotFoundException, match=arns[member]):
        ivs.start_composition(stageArn=arns["stageArn"], destinations=[{"s3": s3}])


def test_a_stage_has_five_compositions_and_not_six(ivs, start):
    for _ in range(5):
        start()
    with pytest.raises(ivs.exceptions.ServiceQuotaExceededException) as refused:
        start()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402
