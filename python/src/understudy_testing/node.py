"""A node in a process of its own, and its test controls."""

import configparser
import json
import os
import queue
import shutil
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

import boto3
import botocore.session
from botocore.config import Config

#: The first start builds the node, which takes about a minute; later ones take a second or two.
START_SECONDS = 300

#: A node that is told to end finishes its recordings first, within ten seconds.
END_SECONDS = 20

#: What makes SDKs look for a profile; the credentials file has one only.
_PROFILE_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")


class NodeFailed(Exception):
    """The node did not start; the message has what it said."""


class ControlRefused(Exception):
    """A test control was refused; the message says what was wrong."""


@dataclass(frozen=True)
class Participant:
    """A simulated participant of a stage."""

    stage_arn: str
    session_id: str
    participant_id: str


class Node:
    """A running node. Use it as a context manager, or call :meth:`close`."""

    def __init__(self, process: "subprocess.Popen[str]", endpoint: str, data: Path) -> None:
        self._process = process
        #: Where SDKs and WHIP clients reach the node; no slash at the end.
        self.endpoint = endpoint
        #: An AWS shared credentials file with the node's key.
        self.credentials_file = data / "credentials"

    @classmethod
    def start(cls, data: Path, command: Optional[str] = None, arguments: Sequence[str] = ()) -> "Node":
        """Starts a node on free ports of the loopback address; everything that it keeps is under ``data``."""
        data.parent.mkdir(parents=True, exist_ok=True)
        errors = data.parent / (data.name + ".stderr")
        with errors.open("w") as stderr:
            process = subprocess.Popen(
                [
                    command or find_command(Path.cwd()),
                    "run",
                    *("--data", str(data)),
                    *("--http", "127.0.0.1:0"),
                    *("--media-port", "0"),
                    "--test-controls",
                    *arguments,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        try:
            return cls(process, _await_ready(process, errors), data)
        except BaseException:
            _end(process)
            raise

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the node; once is enough, twice does no harm."""
        _end(self._process)

    @property
    def credentials(self) -> Dict[str, str]:
        """The access key as keyword arguments of ``boto3.client`` and ``boto3.Session``."""
        profile = self._profile()
        return {name: profile[name] for name in ("aws_access_key_id", "aws_secret_access_key")}

    @property
    def environment(self) -> Dict[str, str]:
        """What to add to the environment of a program that is to call this node, such as the AWS CLI.

        It stands above what is there: another access key, its session token, a profile or a proxy. All AWS services
        that the program calls are looked for at the node.
        """
        profile = self._profile()
        named_profiles = {name: "default" for name in _PROFILE_VARIABLES if name in os.environ}
        return {
            "AWS_SHARED_CREDENTIALS_FILE": str(self.credentials_file),
            "AWS_ACCESS_KEY_ID": profile["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": profile["aws_secret_access_key"],
            "AWS_SESSION_TOKEN": "",
            "AWS_REGION": profile["region"],
            "AWS_DEFAULT_REGION": profile["region"],
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_IVS_REALTIME": self.endpoint,
            "AWS_ENDPOINT_URL_IVS": self.endpoint,
            **named_profiles,
            **_without_proxy(str(urllib.parse.urlsplit(self.endpoint).hostname)),
        }

    def client(self, service: str = "ivs-realtime", **options: Any) -> Any:
        """A boto3 client of the node, for ``ivs-realtime`` or ``ivs``; ``options`` are those of ``boto3.client``.

        No profile, configuration file or proxy of the user counts: a test does the same everywhere.
        """
        settings = {"endpoint_url": self.endpoint, "region_name": self._profile()["region"], **self.credentials}
        session = botocore.session.Session(
            session_vars={
                "profile": (None, None, None, None),
                "config_file": (None, None, os.devnull, None),
                "credentials_file": (None, None, str(self.credentials_file), None),
            }
        )
        config = Config(proxies={}).merge(options.get("config") or Config())
        return boto3.session.Session(botocore_session=session).client(
            service, **{**settings, **options, "config": config}
        )

    def reset(self) -> None:
        """Deletes every resource, ends compositions, forgets faults and how many calls there were, sets the clock right.

        Access keys stay.
        """
        self._control("reset", {})

    def advance(self, seconds: int) -> str:
        """Lets time pass for sessions, tokens and compositions; the node's new time, as in ``2026-11-01T10:30:00Z``."""
        return str(self._control("clock/advance", {"seconds": seconds})["now"])

    def fail_next(self, operation: str, error: str, times: int = 1, message: Optional[str] = None) -> None:
        """Makes the next calls of an operation fail, as in ``fail_next("StartComposition", "ThrottlingException")``."""
        self._control("fail-next", _present(operation=operation, error=error, times=times, message=message))

    def join(
        self,
        stage_arn: Optional[str] = None,
        token: Optional[str] = None,
        user_id: Optional[str] = None,
        attributes: Optional[Mapping[str, str]] = None,
        user_agent: Optional[str] = None,
    ) -> Participant:
        """Lets a simulated participant join a stage.

        With ``token``, of CreateParticipantToken, it says who joins which stage, and only ``user_agent`` goes with it.
        """
        joined = self._control(
            "participants/join",
            _present(stageArn=stage_arn, token=token, userId=user_id, attributes=attributes, userAgent=user_agent),
        )
        return Participant(joined["stageArn"], joined["sessionId"], joined["participantId"])

    def publish(self, participant: Participant) -> None:
        """The participant's media begins to arrive, as far as the API can tell."""
        self._about("participants/publish", participant)

    def unpublish(self, participant: Participant) -> None:
        """The participant stops publishing and stays."""
        self._about("participants/unpublish", participant)

    def leave(self, participant: Participant) -> None:
        """The participant's connection ends."""
        self._about("participants/leave", participant)

    def event(
        self,
        participant: Participant,
        name: str,
        error_code: Optional[str] = None,
        remote_participant_id: Optional[str] = None,
        **more: Any,
    ) -> None:
        """Adds an event to a participant's list, as in ``event(ada, "PUBLISH_ERROR", "BITRATE_EXCEEDED")``.

        ``more`` is what else the API shows of such an event, by its names there, such as ``destinationStageArn``.
        """
        self._about(
            "participants/event",
            participant,
            sessionId=participant.session_id,
            **_present(name=name, errorCode=error_code, remoteParticipantId=remote_participant_id, **more),
        )

    def _about(self, control: str, participant: Participant, **members: Any) -> None:
        who = {"stageArn": participant.stage_arn, "participantId": participant.participant_id}
        self._control(control, {**who, **members})

    def _control(self, control: str, members: Mapping[str, Any]) -> Dict[str, Any]:
        request = urllib.request.Request(
            f"{self.endpoint}/_test/{control}",
            data=json.dumps(members).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        # A proxy of the environment has no business between a test and its own machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as response:
                return dict(json.load(response))
        except urllib.error.HTTPError as refusal:
            raise ControlRefused(json.load(refusal)["message"]) from None

    def _profile(self) -> Mapping[str, str]:
        profiles = configparser.ConfigParser(interpolation=None)
        profiles.read(self.credentials_file)
        return profiles["default"]


def find_command(start: Path) -> str:
    """The launcher: $UNDERSTUDY_COMMAND, a file ``understudy`` in ``start`` or above it, or one on the PATH."""
    named = os.environ.get("UNDERSTUDY_COMMAND")
    if named:
        return named
    for folder in (start, *start.parents):
        launcher = folder / "understudy"
        if launcher.is_file() and os.access(launcher, os.X_OK):
            return str(launcher)
    on_path = shutil.which("understudy")
    if on_path:
        return on_path
    raise NodeFailed(
        f"there is no launcher 'understudy' in {start}, above it or on the PATH;"
        " name it by --understudy-command or UNDERSTUDY_COMMAND"
    )


def _without_proxy(host: str) -> Dict[str, str]:
    """What keeps programs from asking a proxy for ``host``; they differ in the case that they read."""
    hosts = ",".join(filter(None, [os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), host]))
    return {"no_proxy": hosts, "NO_PROXY": hosts}


def _present(**members: Any) -> Dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _await_ready(process: "subprocess.Popen[str]", errors: Path) -> str:
    """Reads output up to the ready line; a thread goes on reading, so that the node never waits for a reader."""
    lines: "queue.Queue[Optional[str]]" = queue.Queue()
    threading.Thread(target=_drain, args=(process, lines), name="understudy-output", daemon=True).start()
    said: List[str] = []
    try:
        while True:
            line = lines.get(timeout=START_SECONDS)
            if line is None:
                raise NodeFailed(f"the node ended at once:\n{''.join(said)}{errors.read_text()}")
            if line.startswith("ready "):
                return line[len("ready ") :].strip()
            said.append(line)
    except queue.Empty:
        raise NodeFailed(f"the node was not ready within {START_SECONDS} s:\n{errors.read_text()}") from None


def _drain(process: "subprocess.Popen[str]", lines: "queue.Queue[Optional[str]]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
