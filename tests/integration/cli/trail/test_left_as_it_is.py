"""What cannot, or must not, be written to is asked all the same, and left as it is."""

from pathlib import Path

import pytest

from tests.git_repositories import git
from tests.integration.adapters.filesystem.later import make_bucket_later, make_trace_later
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.test_later_releases import tree_of
from tests.integration.cli.trail.test_status import trace_of
from tests.integration.cli.trail.widgets import THIRD, Widgets

COMMANDS = {
    "show": ["show", "0b7d6f3a-0000-4000-8000-000000000001", "--json"],
    "blame": ["blame", "a.py", "--json"],
    "blame of a commit": ["blame", "HEAD", "--json"],
    "graph": ["graph", "--json"],
    "status": ["status", "--json"],
    "pr": ["pr", "HEAD", "--json"],
}


@pytest.fixture
def bucket(trace: str, widgets: Widgets) -> Path:
    return widgets.home / ".opentraces" / "bucket"


@pytest.fixture
def before(bucket: Path, call: Call) -> dict[str, str]:
    """What the commands say while all is well."""
    return {name: call("trail", *command).stdout for name, command in COMMANDS.items()}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_bucket_of_a_later_release_is_only_read(
    name: str, before: dict[str, str], bucket: Path, widgets: Widgets, call: Call
) -> None:
    make_bucket_later(bucket)
    stored = tree_of(bucket)

    said = call("trail", *COMMANDS[name])

    assert (said.exit_code, said.stdout) == (0, before[name])
    assert "a later release made this bucket" in said.stderr
    assert tree_of(bucket) == stored


def test_a_trace_of_a_later_release_is_named_and_not_counted(
    before: dict[str, str], bucket: Path, widgets: Widgets, call: Call, document: Document
) -> None:
    session = widgets.session("0b7d6f3a-0000-4000-8000-000000000002").asks("more", at=60)
    session.adds("a.py", THIRD, at=61).leave()
    call("import", "--all")
    call("trail", "status")
    later = trace_of(call, session.name)
    make_trace_later(bucket / "traces" / "v1" / later[:2] / later)

    said = call("trail", "status", "--json")

    assert (said.exit_code, said.stdout) == (0, before["status"])
    assert later[:8] in said.stderr
    assert call("trail", "show", session.name).exit_code == 5


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_written_to_the_repository(
    name: str, bucket: Path, widgets: Widgets, call: Call
) -> None:
    tree = tree_of(widgets.folder)

    assert call("trail", *COMMANDS[name]).exit_code == 0

    assert tree_of(widgets.folder) == tree
    assert git(widgets.folder, "status", "--porcelain") == "?? new.py"


@pytest.mark.parametrize("name", COMMANDS)
def test_asking_again_writes_nothing(
    name: str, before: dict[str, str], bucket: Path, widgets: Widgets, call: Call
) -> None:
    tree = tree_of(bucket)

    assert call("trail", *COMMANDS[name]).stdout == before[name]
    assert tree_of(bucket) == tree


def test_where_nothing_can_be_noted_it_says_so(bucket: Path, widgets: Widgets, call: Call) -> None:
    index = widgets.home / ".opentraces" / "state" / "trails.sqlite"
    index.unlink()
    index.mkdir()

    said = call("trail", "blame", "a.py:9")

    assert said.exit_code == 0
    assert said.stderr.startswith("opentraces: not all can be found yet: ")
    assert "trails.sqlite" in said.stderr
    assert "nobody we kept wrote this" in said.stdout
