"""A search that needs no click is answered as click would answer it."""

import os
import re
import subprocess
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.integration.cli.conftest import PROGRAM, Call, Process
from tests.integration.cli.test_start_up import imported
from tests.integration.cli.test_terminal import See, see  # noqa: F401

_TOOK = re.compile(r"\d+\.\d ms")

PLAIN = {
    "nothing": [],
    "a word": ["calc"],
    "words": ["calc", "tests"],
    "one argument of several words": ["calc tests has:patch"],
    "a phrase": ['"def add"'],
    "a filter": ["tool:Bash", "calc"],
    "no value": ["tool:"],
    "what is nowhere": ["quibblefrost"],
    "an empty text": [""],
    "a document": ["calc", "--json"],
    "a document first": ["--json", "calc"],
    "a line each": ["--jsonl", "calc", "OR", "tests"],
    "no text that can be encoded": ["\udc80calc"],
    "JSON of nothing found": ["quibblefrost", "--json"],
}


def untimed(text: str) -> str:
    return _TOOK.sub("- ms", text)


@pytest.mark.parametrize("arguments", PLAIN.values(), ids=PLAIN)
def test_it_prints_what_click_would_have(
    arguments: list[str], kept: Path, call: Call, process: Process
) -> None:
    run, expected = process("trace", "query", *arguments), call("trace", "query", *arguments)

    assert untimed(run.stdout.decode()) == untimed(expected.stdout)
    assert (run.returncode, run.stderr.decode()) == (expected.exit_code, expected.stderr)
    assert run.returncode == 0


@pytest.mark.parametrize("arguments", [["calc"], ["calc", "--json"], ["--jsonl"]], ids=" ".join)
def test_it_imports_no_click(arguments: list[str], kept: Path, home: Path) -> None:
    tops = {m.partition(".")[0] for m in imported("trace", "query", *arguments, cwd=home)}

    assert not tops & {"click", "gettext", "locale", "textwrap", "traceback"}


@pytest.mark.parametrize(
    "arguments",
    [["calc", "--limit", "1"], ["-flaky"], ["calc", "--", "x"], ["--debug"]],
    ids=" ".join,
)
def test_what_looks_like_an_option_is_left_to_click(
    arguments: list[str], kept: Path, call: Call, process: Process
) -> None:
    run, expected = process("trace", "query", *arguments), call("trace", "query", *arguments)

    assert untimed(run.stdout.decode()) == untimed(expected.stdout)
    assert (run.returncode, run.stderr.decode()) == (expected.exit_code, expected.stderr)


@pytest.mark.parametrize("arguments", [["calc"], ["calc", "--json"]], ids=" ".join)
def test_an_error_is_the_same_line_and_code(
    arguments: list[str], kept: Path, call: Call, process: Process
) -> None:
    (kept / "config.toml").write_text("query = 3")

    run, expected = process("trace", "query", *arguments), call("trace", "query", *arguments)

    assert run.returncode == expected.exit_code == 2
    assert run.stderr.decode() == expected.stderr
    assert run.stdout == b""


def test_nothing_kept_is_said_in_the_same_words(home: Path, call: Call, process: Process) -> None:
    run, expected = process("trace", "query", "calc"), call("trace", "query", "calc")

    assert untimed(run.stdout.decode()) == untimed(expected.stdout)
    assert run.stderr.decode() == expected.stderr
    assert "nothing is kept yet" in expected.stderr


def test_lines_and_a_document_exclude_no_lines_of_counts(
    kept: Path, call: Call, process: Process
) -> None:
    arguments = ("trace", "query", "calc", "--json", "--jsonl")

    assert process(*arguments).stdout.decode() == call(*arguments).stdout


def ended_with(home: Path, stdout: int | BinaryIO) -> tuple[int, bytes]:
    run = subprocess.run(
        [*PROGRAM, "trace", "query"], cwd=home, check=False, stdout=stdout, stderr=subprocess.PIPE
    )
    return run.returncode, run.stderr


def test_whoever_stops_reading_ends_it(kept: Path, home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert ended_with(home, writing) == (141, b"")
    finally:
        os.close(writing)


def test_a_full_disk_is_said(kept: Path, home: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        code, said = ended_with(home, full)

    assert (code, said.count(b"\n")) == (5, 1)
    assert b"the result cannot be written" in said


def test_a_terminal_is_left_to_click_which_knows_its_colours(kept: Path, see: See) -> None:  # noqa: F811
    assert "\x1b[1m«calc»\x1b[0m" in see("trace", "query", "calc")[0]
    assert "\x1b[" not in see("trace", "query", "calc", NO_COLOR="1")[0]
