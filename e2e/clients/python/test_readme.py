"""What the README tells a newcomer to type, typed."""

import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest

README = pathlib.Path(__file__).parents[3] / "README.md"


def block(language, beginning):
    """The README's block of code in a language that contains a line."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README.read_text(), re.S)
    [found] = [text for text in blocks if beginning in text]
    return found


@pytest.fixture
def newcomer(tmp_path):
    """A folder as a fresh checkout: ./understudy, and ./data of the node that runs. Runs commands there."""
    data = pathlib.Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"]).parent
    (tmp_path / "data").symlink_to(data.resolve())
    understudy = tmp_path / "understudy"
    publish = os.environ.get("UNDERSTUDY_PUBLISH")
    if publish:
        words = shlex.split(publish)
        understudy.write_text("#!/bin/sh\nshift\nexec " + shlex.join(words) + ' "$@"\n')
        understudy.chmod(0o700)
    else:
        understudy.symlink_to(README.parent / "understudy")
    tools = str(pathlib.Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]

    def run(*command):
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PATH": tools}, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def recorded(data, prefix=None):
    """The segments of the newest recording in the bucket that the README names."""
    bucket = pathlib.Path(data).resolve() / "buckets/my-recordings"
    folders = [bucket / prefix] if prefix else sorted(bucket.glob("*/*/*/composite"), key=lambda f: f.stat().st_mtime)
    return list(folders[-1].rglob("*.mp4"))


def test_the_session_with_the_aws_cli(newcomer, tmp_path):
    printed = newcomer("bash", "-euo", "pipefail", "-c", block("sh", "ivs create-stage"))
    assert "LEFT\tPUBLISH_STOPPED\tPUBLISH_STARTED\tJOINED" in printed
    assert "evening" in printed
    assert len(recorded(tmp_path / "data")) >= 3


def test_the_script_with_boto3(newcomer, tmp_path):
    printed = newcomer(sys.executable, "-c", block("python", 'boto3.client("ivs-realtime")'))
    assert "['LEFT', 'PUBLISH_STOPPED', 'PUBLISH_STARTED', 'JOINED']" in printed
    assert "{'show': 'evening'}" in printed
    prefix = re.search("^recorded (.*)$", printed, re.M)[1]
    assert len(recorded(tmp_path / "data", prefix)) >= 3
