"""What nothing needs, as text and as JSON."""

import orjson

from opentraces.domain.audit import Problem
from opentraces.domain.garbage import Garbage, GarbageKind, Heap
from opentraces.entrypoints.cli.documents.garbage import garbage_document
from opentraces.entrypoints.cli.output import Line
from opentraces.entrypoints.cli.views.garbage import garbage_lines


def text_of(found: Garbage, *, dry_run: bool = False) -> list[str]:
    lines: list[Line] = list(garbage_lines(found, 7, dry_run=dry_run))
    return ["".join(line) for line in lines]


def test_the_first_line_says_how_much_and_the_others_what() -> None:
    heaps = {GarbageKind.LEFTOVERS: Heap(1, 61_440), GarbageKind.BLOBS: Heap(1204, 4_000_112)}

    assert text_of(Garbage(heaps)) == [
        "Removed   1,205 things, 4.1 MB",
        "          1,204 blobs that no trace names  4.0 MB",
        "          1 file that interrupted writes left beside a trace  61 kB",
    ]


def test_a_dry_run_removes_nothing() -> None:
    assert text_of(Garbage({GarbageKind.MARKS: Heap(1)}), dry_run=True) == [
        "Would go  1 thing, 0 bytes",
        "          1 mark of a trace that is gone",
    ]


def test_where_there_is_nothing_it_says_so() -> None:
    assert text_of(Garbage()) == [
        "Removed   nothing: what is here is needed, or younger than 7 days"
    ]


def test_what_cannot_be_read_is_named_with_what_stays() -> None:
    problem = Problem("damaged", "traces/v1/a1/a1f3/trace.json\x1b[2J", None)

    assert text_of(Garbage({}, (problem,)))[1:] == [
        "Stays     every blob, and what was deleted: who knows what these need"
        " → opentraces bucket repair",
        "          damaged    traces/v1/a1/a1f3/trace.json",
    ]


def test_each_kind_has_words_and_a_key() -> None:
    every = Garbage({kind: Heap(2, 5) for kind in GarbageKind})

    assert len(text_of(every)) == 1 + len(GarbageKind)
    assert list(garbage_document(every, 7, dry_run=False)["garbage"]) == [*GarbageKind]


def test_a_name_that_is_no_text_is_written_as_well_as_can_be() -> None:
    found = Garbage({}, (Problem("unexpected", "/a/\udcff", None),))

    assert "/a/\ufffd" in orjson.dumps(garbage_document(found, 7, dry_run=True)).decode()
