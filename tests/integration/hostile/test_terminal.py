"""Whatever others wrote, and wherever it is printed, a terminal only shows it."""

import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.hostile.poisoned import MARK, Machine

OBEYED = (
    "\x1b]52;c;cm0gLXJmIH4=\x07\x1b]8;;http://evil\x1b\\\x1b[2J\x1b]0;title\x07\x1bP+q544e\x1b\\"
    "\x9b31m\x9d52;c;cm0=\x9c\x90q\x9c\x1b_Gf=24;AAAA\x1b\\\x1bc\r\x08\x07\x0e\x7f\x85\x00\x1a\x1b"
    "\u202e\u2066\u200f\u061c\u200b\u2060\ufeff\u00ad\u2028\u2029\U000e0041\ud800"
)
POISON = st.text(
    st.one_of(
        st.sampled_from(sorted({*OBEYED, *"\n\t[]();?0m8\\/"})),
        st.characters(codec=None, categories=None),
    ),
    max_size=30,
)


def commands(machine: Machine) -> Iterator[tuple[str, ...]]:
    """Yield all that print anything of what others wrote, in an order in which all find some."""
    yield ("ingest",)
    yield ("import", "--all")
    yield ("trace", "query")
    yield ("trace", "query", MARK)
    found = machine.call("trace", "query", "--limit", "99", "--json").stdout
    traces = [hit["trace_id"] for hit in orjson.loads(found)["hits"]]
    for trace in traces:
        yield ("trace", "get", trace)
        yield ("trace", "get", f"{trace}:1-30")
    yield ("trace", "tail", traces[0], "--steps", "30")
    yield ("trace", "tail")
    yield ("trace", "restore", traces[0], "--to", str(machine.home / machine.named("back")))
    yield ("--debug", "trace", "get", f"{traces[0]}:99999")
    yield ("--debug", "import", f"/nowhere/{machine.named('gone')}")
    yield ("trace", "get", machine.named("gone"))
    yield ("init",)
    yield ("status",)
    yield ("doctor",)
    yield ("setup", "claude-code", "--dry-run")
    machine.litter()
    yield ("bucket", "status")
    yield ("bucket", "verify", "--deep")
    yield ("bucket", "repair", "--dry-run")
    yield ("bucket", "gc", "--dry-run")
    yield ("bucket", "snapshot", "--to", str(machine.home / machine.named("copy")))
    yield ("uninstall", "--dry-run")
    yield ("remove",)
    yield ("trace", "delete", traces[0], "--yes")
    machine.misconfigure()
    yield ("trace", "query")


MUTE = {("bucket", "status"), ("bucket", "gc"), ("trace", "delete"), ("--debug", "trace")}
"""What prints nothing that others wrote."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("poisoned")


def said(place: Path, poison: str, *options: str) -> dict[tuple[str, ...], Result]:
    """Run all commands on a fresh machine."""
    machine = Machine(Path(tempfile.mkdtemp(dir=place)), poison)
    try:
        machine.prepare()
        return {each: machine.call(*each, *options) for each in commands(machine)}
    finally:
        shutil.rmtree(machine.home)


def harmful(text: str) -> set[str]:
    joiners = "\u200c\u200d"
    kinds = ("Cc", "Cs", "Zl", "Zp")
    found = {c for c in text if unicodedata.category(c) in kinds and c not in "\n\t"}
    return found | {c for c in text if c in OBEYED and ord(c) > 127 and c not in joiners}


def test_nothing_that_a_terminal_obeys_is_printed_and_the_rest_is(place: Path) -> None:
    for command, result in said(place, OBEYED).items():
        check(command, result)
        is_told = MARK in result.output
        assert is_told or command[:2] in MUTE, (command, result.output)


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(POISON)
def test_no_text_is_obeyed(place: Path, poison: str) -> None:
    for command, result in said(place, poison).items():
        check(command, result)


def test_json_is_json_whatever_it_holds(place: Path) -> None:
    for command, result in said(place, OBEYED, "--json").items():
        is_answered = result.exit_code in (0, 1)
        assert is_answered or result.stdout == "", command
        assert result.stdout.count("\n") == is_answered, command
        if is_answered:
            orjson.loads(result.stdout)
        assert harmful(result.stderr) == set(), command


def check(command: tuple[str, ...], result: Result) -> None:
    assert result.exception is None or isinstance(result.exception, SystemExit), command
    assert harmful(result.stdout + result.stderr) == set(), command
