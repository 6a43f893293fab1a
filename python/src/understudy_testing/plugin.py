"""Fixtures for pytest: ``understudy`` is a node with nothing in it, ``understudy_node`` the same one as it is."""

from pathlib import Path
from typing import Iterator

import pytest

from .node import Node, find_command


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("understudy").addoption(
        "--understudy-command",
        metavar="FILE",
        help="the launcher that starts the node; by default $UNDERSTUDY_COMMAND, a file 'understudy' in the root"
        " folder or above it, or one on the PATH",
    )


@pytest.fixture(scope="session")
def understudy_node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node for all tests of the session, in a temporary folder and on free ports."""
    command = request.config.getoption("--understudy-command") or find_command(Path(request.config.rootpath))
    with Node.start(tmp_path_factory.mktemp("understudy") / "data", command) as node:
        yield node


@pytest.fixture
def understudy(understudy_node: Node) -> Node:
    """The session's node, emptied before the test: no resources, no faults, the right time."""
    understudy_node.reset()
    return understudy_node
