"""Whatever is pasted is searched, never an error, and finds the session it came from."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from tests.integration.recall.conftest import Found, keep
from tests.integration.recall.pasted import PASTED, Pasted
from tests.transcript_lines import answered, typed

FIRST = 3
"""Among so many answers the right one stands."""


def session_of(number: int) -> str:
    """The id of the session that holds the text of this number."""
    return str(UUID(int=number + 1))


def _said(text: str, session: str) -> bytes:
    return typed(f"I pasted this: {text} What now?", at=1, uuid=f"u-{session}", session=session)


def _answered(text: str, session: str) -> bytes:
    prose = f"It printed this, in the end: {text} That is all."
    return typed("Go on", at=1, uuid=f"u-{session}", session=session) + answered(
        prose, at=2, message=session, uuid=f"a-{session}", session=session
    )


def _printed(text: str, session: str) -> bytes:
    call = {"type": "tool_use", "id": f"toolu_{session}", "name": "Bash", "input": {"command": "x"}}
    result = {"type": "tool_result", "tool_use_id": call["id"], "content": f"$ x\n{text}\n$"}
    return b"".join(
        (
            typed("Run it", at=1, uuid=f"u-{session}", session=session),
            answered(
                "", at=2, message=session, uuid=f"a-{session}", session=session, blocks=[call]
            ),
            typed([result], at=3, uuid=f"r-{session}", session=session),
        )
    )


_PLACES: tuple[Callable[[str, str], bytes], ...] = (_said, _answered, _printed)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a session for each text, typed, answered or printed."""
    home = tmp_path_factory.mktemp("pasted")
    folder = home / ".claude" / "projects" / "-home-dev-widgets"
    folder.mkdir(parents=True)
    for number, pasted in enumerate(PASTED):
        session = session_of(number)
        lines = _PLACES[number % len(_PLACES)](pasted.text, session)
        (folder / f"{session}.jsonl").write_bytes(lines)
    keep(home)
    return home


@pytest.mark.parametrize(
    ("number", "pasted"),
    [*enumerate(PASTED)],
    ids=[f"{pasted.sort.replace(' ', '-')}-{number}" for number, pasted in enumerate(PASTED)],
)
def test_a_pasted_text_finds_its_session(
    number: int, pasted: Pasted, everything: Path, found: Found
) -> None:
    first = [hit["session_id"] for hit in found(everything, pasted.text)[:FIRST]]

    assert session_of(number) in first


UNPACK = "tar -xzf heron-1.4.tgz -strip"
COLOURED = "\x1b[1m\x1b[31mFAILED\x1b[0m tests/test_spokes.py::\x1b[1mtest_turns\x1b[0m - assert 0"
LINK = "\x1b]8;;https://ci.example/runs/7\x1b\\the log of spokes\x1b]8;;\x1b\\"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a session in which a command was run and one in which colours were printed."""
    home = tmp_path_factory.mktemp("printed")
    folder = home / ".claude" / "projects" / "-home-dev-widgets"
    folder.mkdir(parents=True)
    for number, text in enumerate((UNPACK, f"{COLOURED}\n{LINK}")):
        session = session_of(number)
        (folder / f"{session}.jsonl").write_bytes(_printed(text, session))
    keep(home)
    return home


def test_a_command_with_dashes_is_found_in_quotes(printed: Path, found: Found) -> None:
    assert [hit["session_id"] for hit in found(printed, f'"{UNPACK}"')] == [session_of(0)]


@pytest.mark.parametrize(
    "seen",
    [
        "FAILED tests/test_spokes.py::test_turns - assert 0",
        "FAILED",
        "test_turns",
        "the log of spokes",
        COLOURED,
    ],
)
def test_coloured_output_is_found_by_what_was_seen(seen: str, printed: Path, found: Found) -> None:
    [hit] = found(printed, seen)

    assert hit["session_id"] == session_of(1)
    assert "\x1b" not in hit["matches"][0]["snippet"]
