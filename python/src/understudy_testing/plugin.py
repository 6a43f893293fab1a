"""Fixtures for pytest: ``understudy`` is a node with nothing in it, ``understudy_node`` the same one as it is."""

from pathlib import Path
from typing import Iterator, List, Sequence

import pytest

from .node import Node, find_command


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("understudy").addoption(
        "--understudy-command",
        metavar="FILE",
        help="the launcher that starts the node; by default $UNDERSTUDY_COMMAND, a file 'understudy' in the root"
        " folder or above it, or one on the PATH",
    )
    parser.addini(
        "understudy_arguments",
        type="args",
        default=[],
        help="what else stands on the node's command line, such as --throttle --quota stages=2",
    )


@pytest.fixture(scope="session")
def understudy_arguments(request: pytest.FixtureRequest) -> Sequence[str]:
    """What else stands on the node's command line; a fixture of this name in conftest.py takes the option's place."""
    arguments: List[str] = request.config.getini("understudy_arguments")
    return arguments


@pytest.fixture(scope="session")
def understudy_node(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, understudy_arguments: Sequence[str]
) -> Iterator[Node]:
    """A node for all tests of the session, in a temporary folder and on free ports."""
    command = request.config.getoption("--understudy-command") or find_command(Path(request.config.rootpath))
    with Node.start(tmp_path_factory.mktemp("understudy") / "data", command, understudy_arguments) as node:
        yield node


@pytest.fixture
def understudy(understudy_node: Node) -> Node:
    """The session's node, emptied before the test: no resources, no faults, the right time."""
    understudy_node.reset()
    return understudy_node
