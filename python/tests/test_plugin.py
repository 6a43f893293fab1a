"""How a project says what its node is to be like; the launcher here only writes down what it was called with."""

import pytest

ARGUMENTS_ARE = """
    from pathlib import Path

    def test_arguments(understudy_node):
        assert Path("arguments").read_text().split("--test-controls")[1].split() == {expected!r}
"""


@pytest.fixture
def launcher(pytester):
    launcher = pytester.path / "launcher"
    launcher.write_text('#!/bin/sh\necho "$@" >arguments\necho ready http://127.0.0.1:9\nexec sleep 60\n')
    launcher.chmod(0o755)
    return launcher


def run(pytester, launcher, expected):
    pytester.makepyfile(ARGUMENTS_ARE.format(expected=expected))
    pytester.runpytest(f"--understudy-command={launcher}").assert_outcomes(passed=1)


def test_without_more_a_node_is_as_it_is(pytester, launcher):
    run(pytester, launcher, [])


def test_an_ini_option_says_what_else_stands_on_the_command_line(pytester, launcher):
    pytester.makeini("[pytest]\nunderstudy_arguments = --throttle --quota stages=2\n")

    run(pytester, launcher, ["--throttle", "--quota", "stages=2"])


def test_a_fixture_takes_the_place_of_the_option(pytester, launcher):
    pytester.makeini("[pytest]\nunderstudy_arguments = --throttle\n")
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def understudy_arguments():
            return ["--region", "eu-west-1"]
        """
    )

    run(pytester, launcher, ["--region", "eu-west-1"])
