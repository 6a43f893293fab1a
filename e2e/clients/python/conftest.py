"""What the tests of boto3 and the AWS CLI share: a node that runs already, named by the environment.

AWS_SHARED_CREDENTIALS_FILE names the node's credentials file; region and endpoint are in it. Against a node of your own:

    AWS_SHARED_CREDENTIALS_FILE=data/credentials pytest e2e/clients/python
"""

import json
import os
import pathlib
import re
import shlex
import subprocess
import time

import boto3
import pytest
from awscli.clidriver import create_clidriver

PUBLIC_KEY = """-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEqofKIr6LBTeOscce8yCtdG4dO2KLp5uY
WfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3NhfeSpYmLG9dnpi/kpLcKfj0Hb0omhR8
6doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f
-----END PUBLIC KEY-----
"""

UNDERSTUDY = pathlib.Path(__file__).parents[3] / "understudy"

ARN = r"arn:aws:ivs:us-east-1:000000000000:{}/[a-zA-Z0-9]{{12}}"


def arn_of(kind):
    return re.compile(ARN.format(kind) + r"\Z")


def pytest_sessionstart(session):
    if "AWS_SHARED_CREDENTIALS_FILE" not in os.environ:
        pytest.exit("AWS_SHARED_CREDENTIALS_FILE names no node; see conftest.py", returncode=3)


@pytest.fixture(scope="session")
def ivs():
    """ivs-realtime, as a user makes it: nothing but the credentials file says where the node is."""
    return boto3.client("ivs-realtime")


@pytest.fixture(scope="session")
def channels():
    """The sister service, on the same node."""
    return boto3.client("ivs")


@pytest.fixture
def stage(ivs):
    arn = ivs.create_stage(name="fixture")["stage"]["arn"]
    yield arn
    try:
        ivs.delete_stage(arn=arn)
    except ivs.exceptions.ResourceNotFoundException:
        pass  # the test was about that


@pytest.fixture
def encoder(ivs):
    arn = ivs.create_encoder_configuration()["encoderConfiguration"]["arn"]
    yield arn
    ivs.delete_encoder_configuration(arn=arn)


@pytest.fixture
def storage(ivs):
    arn = ivs.create_storage_configuration(s3={"bucketName": "clients"})["storageConfiguration"]["arn"]
    yield arn
    ivs.delete_storage_configuration(arn=arn)


@pytest.fixture
def start(ivs, stage, encoder, storage):
    """Starts compositions with one S3 destination, and ends what the test has left running."""
    begun = []

    def start_composition(**more):
        destination = {"s3": {"storageConfigurationArn": storage, "encoderConfigurationArns": [encoder]}}
        request = {"stageArn": stage, "destinations": [destination]} | more
        composition = ivs.start_composition(**request)["composition"]
        begun.append(composition["arn"])
        return composition

    yield start_composition
    for arn in begun:
        stop(ivs, arn)


def stop(ivs, arn):
    """Stops a composition and waits for its end; nobody publishes, so that takes no time."""
    try:
        ivs.stop_composition(arn=arn)
        deadline = time.monotonic() + 30
        while ivs.get_composition(arn=arn)["composition"]["state"] not in ("STOPPED", "FAILED"):
            assert time.monotonic() < deadline, arn + " did not end"
            time.sleep(0.02)
    except ivs.exceptions.ResourceNotFoundException:
        pass  # gone already


@pytest.fixture
def aws(capsys):
    """The AWS CLI's own code in this process: takes a command line, gives what it printed, read as JSON."""
    driver = create_clidriver()

    def run(line, *more):
        status = driver.main(shlex.split(line) + list(more))
        printed = capsys.readouterr()
        assert status == 0, printed.err
        return json.loads(printed.out) if printed.out.strip() else None

    return run


@pytest.fixture
def aws_fails(capsys):
    """As aws, for commands that the node refuses: gives what the CLI printed as its error."""
    driver = create_clidriver()

    def run(line, *more):
        assert driver.main(shlex.split(line) + list(more)) != 0
        return capsys.readouterr().err

    return run


def publish(ivs, stage_arn, **token):
    """A process that publishes to a stage as a browser would; give it to ended()."""
    endpoint = ivs.get_stage(arn=stage_arn)["stage"]["endpoints"]["whip"]
    made = ivs.create_participant_token(stageArn=stage_arn, **token)["participantToken"]
    command = os.environ.get("UNDERSTUDY_PUBLISH", str(UNDERSTUDY) + " publish")
    process = subprocess.Popen(
        [*shlex.split(command), "--whip", endpoint, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"UNDERSTUDY_TOKEN": made["token"]},
    )
    return process, made


def ended(process):
    process.stdin.close()
    process.wait(30)


def awaited(asked, what):
    """The first answer that is neither None nor empty."""
    deadline = time.monotonic() + 30
    while not (answer := asked()):
        assert time.monotonic() < deadline, "waited in vain for " + what
        time.sleep(0.05)
    return answer


def whole(pages, name):
    """All items of a list call that has no paginator in the SDK, asked for page by page."""
    items, token = [], None
    while True:
        page = pages(**({"nextToken": token} if token else {}))
        items += page[name]
        token = page.get("nextToken")
        if not token:
            return items


def without_metadata(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
