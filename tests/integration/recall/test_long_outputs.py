"""Of what is longer than 64 KB the head and the tail are found, and the record says so."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from opentraces.domain.texts import WHOLE
from opentraces.entrypoints.cli.main import cli
from tests.integration.recall.conftest import Found, keep
from tests.transcript_lines import answered, typed

LONG, SHORT, SPILLED = (f"00000000-0000-0000-0000-00000000000{digit}" for digit in "123")
HEAD, MIDDLE, TAIL = "zqheadquern", "zqmiddlequern", "zqtailquern"
FILLER = "ordinary words of an output "


def text_of(length: int) -> str:
    """A text with a word at its beginning, in its middle and at its end."""
    half = FILLER * (length // len(FILLER) // 2)
    return f"{HEAD} {half}{MIDDLE} {half}{TAIL}"


def printed(text: str, session: str) -> bytes:
    """A session in which a command printed a text: its step is the second."""
    call = {"type": "tool_use", "id": f"toolu_{session}", "name": "Bash", "input": {"command": "x"}}
    result = {"type": "tool_result", "tool_use_id": call["id"], "content": text}
    first = typed("Run it", at=1, uuid=f"u-{session}", session=session)
    answer = answered(
        "", at=2, message=session, uuid=f"a-{session}", session=session, blocks=[call]
    )
    return first + answer + typed([result], at=3, uuid=f"r-{session}", session=session)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an output of 300 KB, and one that is just short enough."""
    home = tmp_path_factory.mktemp("outputs")
    folder = home / ".claude" / "projects" / "-home-dev-widgets"
    folder.mkdir(parents=True)
    (folder / f"{LONG}.jsonl").write_bytes(printed(text_of(300_000), LONG))
    whole = text_of(WHOLE - 100)
    assert WHOLE - 200 < len(whole) <= WHOLE
    (folder / f"{SHORT}.jsonl").write_bytes(printed(whole, SHORT))
    keep(home)
    return home


@pytest.mark.parametrize(
    ("word", "sessions"), [(HEAD, {LONG, SHORT}), (MIDDLE, {SHORT}), (TAIL, {LONG, SHORT})]
)
def test_head_and_tail_are_found(
    word: str, sessions: set[str], outputs: Path, found: Found
) -> None:
    hits = found(outputs, word)

    assert {hit["session_id"] for hit in hits} == sessions
    assert all(f"«{word}»" in hit["matches"][0]["snippet"] for hit in hits)


@pytest.mark.parametrize(("session", "steps"), [(LONG, [2]), (SHORT, [])])
def test_the_record_says_what_was_left_out(
    session: str, steps: list[int], outputs: Path, found: Found
) -> None:
    assert found(outputs, HEAD)  # which looks at that home
    record = CliRunner().invoke(cli, ["trace", "get", session, "--json"])

    assert json.loads(record.stdout)["metadata"].get("indexed_in_part", []) == steps
