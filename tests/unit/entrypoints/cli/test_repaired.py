"""What a repair did, for people and for programs."""

from dataclasses import replace

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.mending import Mend, Repaired
from opentraces.entrypoints.cli.documents.repaired import repaired_document
from opentraces.entrypoints.cli.views.repaired import repaired_lines

WHOLE = Repaired(dry_run=False, mended=(), left=(), traces=23, files=141, bytes=14_003_112)
STEPS = Mend(TraceId("a1f3"), "traces/v1/a1/a1f3/steps.jsonl.gz", "made again")
STRAY = Mend(None, "stray\x1b[31m", "moved to quarantine/_/stray.0")
LOST = Mend(TraceId("9be0"), "traces/v1/9b/9be0/source-0.zst", "bytes 0 to 5 are lost")


def shown(done: Repaired) -> list[str]:
    return ["".join(line) for line in repaired_lines(done)]


def test_a_whole_bucket_takes_a_line() -> None:
    assert shown(WHOLE) == ["ok  23 traces, 141 files, 14 MB checked"]


def test_what_was_mended_and_what_was_not_stand_apart() -> None:
    done = replace(WHOLE, mended=(STEPS, STRAY), left=(LOST,), aside=("quarantine/_/x.0",) * 2)

    assert shown(done) == [
        "2 mended, 1 left  23 traces, 141 files, 14 MB checked",
        "Mended    traces/v1/a1/a1f3/steps.jsonl.gz",
        "            made again",
        "          stray",
        "            moved to quarantine/_/stray.0",
        "Left      traces/v1/9b/9be0/source-0.zst",
        "            bytes 0 to 5 are lost",
        "Evidence  quarantine/_/x.0",
        "          quarantine/_/x.0",
        "Next      put named files back, from a backup → opentraces bucket repair",
    ]


def test_a_dry_run_says_what_would_be() -> None:
    assert shown(replace(WHOLE, dry_run=True, mended=(STEPS,), anew=2)) == [
        "1 can be mended, 0 left  23 traces, 141 files, 14 MB checked",
        "Would be  traces/v1/a1/a1f3/steps.jsonl.gz",
        "            made again",
        "Steps     made again of all: 2 traces would come out different",
        "Next      opentraces bucket repair",
    ]


def test_steps_that_came_out_different_are_counted() -> None:
    assert shown(replace(WHOLE, anew=1, behind="it is held"))[1:] == [
        "Steps     made again of all: 1 trace came out different, written again",
        "Index     not all can be found yet: it is held",
    ]


@pytest.mark.parametrize(
    ("done", "ok"),
    [
        (WHOLE, True),
        (replace(WHOLE, mended=(STEPS,)), True),
        (replace(WHOLE, mended=(STEPS,), dry_run=True), False),
        (replace(WHOLE, left=(LOST,)), False),
    ],
)
def test_it_is_well_when_nothing_damaged_remains(done: Repaired, ok: bool) -> None:
    assert repaired_document(done)["ok"] is ok


def test_json_holds_names_that_are_no_text() -> None:
    done = replace(WHOLE, mended=(replace(STRAY, path="stray\udcff"),))

    assert repaired_document(done)["mended"][0]["path"] == "stray" + "\N{REPLACEMENT CHARACTER}" * 3
