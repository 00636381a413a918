"""What a list of sources says of a trace whose envelope is lost."""

from dataclasses import replace

import pytest

from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import BlobId, SessionId, TraceId, trace_id
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.source_rows import SourceRow, owner_of, replayed

SESSION = "0b7d6f3a-0000-4000-8000-000000000001"
TRACE = trace_id(Agent.CLAUDE_CODE.value, SessionId(SESSION))


def lines(number: int, size: int = 10, name: str = "a.jsonl") -> SourceRow:
    """Return the row of a source that has a file of its own."""
    return SourceRow(
        kind=SourceKind.TRANSCRIPT,
        name=name,
        location=f"/home/u/{name}",
        size=size,
        generation=0,
        superseded=False,
        file=f"source-{number}.zst",
        number=number,
        blob=None,
    )


def whole(name: str, blob: str, kind: SourceKind = SourceKind.NOTE) -> SourceRow:
    """Return the row of a source that is a blob."""
    row = replace(lines(0, name=name), kind=kind, number=None, file=f"blobs/v1/{blob}.zst")
    return replace(row, blob=BlobId(blob))


def gone(row: SourceRow) -> SourceRow:
    return replace(row, superseded=True)


OUTPUT = SourceKind.OUTPUT
OLD, NEW = whole("out.txt", "x", OUTPUT), whole("out.txt", "y", OUTPUT)


@pytest.mark.parametrize(
    ("commits", "rows"),
    [
        ([[lines(0)]], [lines(0)]),
        ([[lines(0)], [lines(0, 20)]], [lines(0, 20)]),
        ([[lines(0), whole("n", "x"), lines(2)]], [lines(0), whole("n", "x"), lines(2)]),
        ([[lines(0), whole("n", "x")], [whole("n", "y")]], [lines(0), whole("n", "y")]),
        ([[lines(0), OLD], [gone(OLD), NEW]], [lines(0), gone(OLD), NEW]),
        ([[OLD], [gone(OLD), NEW], [gone(NEW), OLD]], [gone(OLD), gone(NEW), OLD]),
        ([[gone(OLD), gone(NEW), OLD]], [gone(OLD), gone(NEW), OLD]),
        ([[whole("n", "x")], [whole("m", "x")]], [whole("n", "x"), whole("m", "x")]),
        ([[lines(0)], [gone(lines(0)), lines(1, 3)]], [gone(lines(0)), lines(1, 3)]),
    ],
)
def test_the_last_row_of_each_source_counts(
    commits: list[list[SourceRow]], rows: list[SourceRow]
) -> None:
    assert list(replayed(commits, is_first=True).rows) == rows


def test_a_row_that_is_missing_is_missed() -> None:
    with pytest.raises(Corrupt, match="no row 1"):
        replayed([[lines(0), lines(2)]], is_first=True)


@pytest.mark.parametrize(
    ("commits", "rewrites"),
    [
        ([[lines(0)]], 0),
        ([[lines(0)], [gone(lines(0)), lines(1)]], 1),
        ([[lines(0)], [gone(lines(0)), lines(1)], [gone(lines(1)), lines(2)]], 2),
        ([[lines(0), lines(1)], [gone(lines(0)), gone(lines(1)), lines(2), lines(3)]], 1),
        ([[lines(0)], [gone(lines(0)), lines(1)], [gone(lines(0))]], 1),
    ],
)
def test_each_commit_that_rewrites_counts_once(
    commits: list[list[SourceRow]], rewrites: int
) -> None:
    assert replayed(commits, is_first=True).rewrites == rewrites


def test_a_list_that_was_written_anew_holds_all_that_was_before() -> None:
    once = [[gone(lines(0)), lines(1)]]

    assert replayed(once, is_first=False).rewrites == 1
    assert replayed([*once, [gone(lines(1)), lines(2)]], is_first=False).rewrites == 2


def test_how_often_two_were_rewritten_before_that_is_not_guessed() -> None:
    with pytest.raises(Corrupt, match="how often"):
        replayed([[gone(lines(0)), gone(lines(1)), lines(2)]], is_first=False)


@pytest.mark.parametrize(
    "said",
    [
        SESSION,
        f"projects/-w/{SESSION}.jsonl",
        f"projects/-w/{SESSION}/subagents/agent-1.meta.json",
        f"hooks/{SESSION}.jsonl",
    ],
)
def test_the_id_of_a_trace_proves_whose_it_is(said: str) -> None:
    assert owner_of(TRACE, ["projects/-w/other.jsonl", said]) == (
        Agent.CLAUDE_CODE,
        SessionId(SESSION),
    )


def test_what_does_not_give_its_id_is_not_its_session() -> None:
    assert owner_of(TRACE, [f"projects/-w/{SESSION[:-1]}2.jsonl", "x"]) is None
    assert owner_of(TraceId("?"), [SESSION]) is None


def test_a_name_that_ends_in_its_session_tells_it() -> None:
    thread = SessionId("01a206c1-7c5e-7b13-bf9d-4bc85da526ae")
    trace = trace_id("codex-cli", thread)
    said = [f"sessions/2026/11/23/rollout-2026-11-23T04-54-33-{thread}.jsonl"]

    assert owner_of(trace, said) == (Agent.CODEX_CLI, thread)
