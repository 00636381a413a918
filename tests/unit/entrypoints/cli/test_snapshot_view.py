"""What a snapshot did, as text, as JSON and as an exit code."""

from pathlib import Path

import orjson
import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.snapshot import CopiedTrace, CopyFate, SnapshotTaken
from opentraces.entrypoints.cli.documents.snapshot import snapshot_document
from opentraces.entrypoints.cli.output import Line
from opentraces.entrypoints.cli.views.snapshot import exit_code, snapshot_lines

ONE = TraceId("a1f3c2d4-5b0e-5c55-9d2e-6f0b3a8c7e11")


def taken(*fates: CopyFate, deleted: int = 0) -> SnapshotTaken:
    left_out = tuple(CopiedTrace(ONE, fate, reason="a\x1b[2J reason") for fate in fates)
    return SnapshotTaken(3, 1201, deleted, 4_100_112, left_out)


def text_of(done: SnapshotTaken, place: str = "/mnt/back up") -> list[str]:
    lines: list[Line] = list(snapshot_lines(done, Path(place)))
    return ["".join(line) for line in lines]


def test_the_first_line_says_what_was_done_and_the_last_how_it_is_read() -> None:
    assert text_of(taken(deleted=1)) == [
        "Snapshot  /mnt/back up  1,204 traces: 3 written (4.1 MB), 1,201 unchanged, 1 deleted",
        "Read it   OPENTRACES_HOME='/mnt/back up' opentraces trace query",
    ]
    assert "deleted" not in text_of(taken())[0]


def test_what_was_left_out_is_named_with_what_can_be_done() -> None:
    advice = {
        CopyFate.DAMAGED: " → opentraces bucket repair",
        CopyFate.NEWER: "",  # the reason itself says it
        CopyFate.DIFFERENT: " → take a snapshot to another folder",
    }

    assert text_of(taken(*advice))[1:-1] == [
        f"Left out  {ONE}  a reason{words}" for words in advice.values()
    ]


@pytest.mark.parametrize(
    ("fates", "code"),
    [
        ((), 0),
        ((CopyFate.DIFFERENT,), 1),
        ((CopyFate.NEWER,), 5),
        ((CopyFate.DIFFERENT, CopyFate.NEWER, CopyFate.DAMAGED), 4),
    ],
)
def test_the_exit_code_says_the_worst_that_was_left_out(
    fates: tuple[CopyFate, ...], code: int
) -> None:
    assert exit_code(taken(*fates)) == code


def test_a_name_that_is_no_text_is_written_as_well_as_can_be() -> None:
    document = snapshot_document(taken(CopyFate.DAMAGED), Path("/a/\udcff"))

    assert "/a/\ufffd" in orjson.dumps(document).decode()
