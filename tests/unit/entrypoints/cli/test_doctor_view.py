"""The answer comes first; then a line for each thing, harmless whatever stands in it."""

import pytest

from opentraces.application.diagnosing.diagnose import Diagnosis
from opentraces.domain.health import Check, Level
from opentraces.entrypoints.cli.documents.doctor import diagnosis_document
from opentraces.entrypoints.cli.views.doctor import diagnosis_lines

OK = Check("bucket", Level.OK, "format 1, 1 trace, 51 kB")
WARN = Check("claude-code", Level.WARN, "2 not kept", "opentraces import --all")
FAIL = Check("index", Level.FAIL, "damaged: \x1b[31ma\nb")


def shown(*checks: Check, mended: tuple[str, ...] = (), with_signs: bool = False) -> list[str]:
    lines = diagnosis_lines(Diagnosis(checks, mended), with_signs=with_signs)
    return ["".join(line) for line in lines]


@pytest.mark.parametrize(
    ("checks", "answer"),
    [
        ([], "All is well"),
        ([OK], "All is well"),
        ([OK, WARN], "1 thing to look at"),
        ([WARN, WARN], "2 things to look at"),
        ([FAIL], "1 thing is wrong"),
        ([OK, FAIL, FAIL], "2 things are wrong"),
        ([WARN, FAIL], "2 things to look at, 1 is wrong"),
        ([WARN, FAIL, FAIL], "3 things to look at, 2 are wrong"),
    ],
)
def test_the_first_line_is_the_answer(checks: list[Check], answer: str) -> None:
    assert shown(*checks)[0] == answer


def test_each_thing_is_a_line_with_its_next_step() -> None:
    assert shown(OK, WARN, FAIL)[1:] == [
        "ok    bucket       format 1, 1 trace, 51 kB",
        "warn  claude-code  2 not kept → opentraces import --all",
        "fail  index        damaged: a b",
    ]


def test_signs_stand_for_words_on_a_terminal() -> None:
    assert [line[:2] for line in shown(OK, WARN, FAIL, with_signs=True)[1:]] == ["✓ ", "! ", "✗ "]


def test_what_was_mended_comes_before_what_is() -> None:
    assert shown(OK, mended=("made 1 of our files private",))[:2] == [
        "All is well",
        "Mended  made 1 of our files private",
    ]


def test_a_document_has_all_of_it() -> None:
    assert diagnosis_document(Diagnosis((WARN, FAIL), ("mended a\udcff",))) == {
        "schema_version": "1",
        "ok": False,
        "checks": [
            {
                "topic": "claude-code",
                "level": "warn",
                "text": "2 not kept",
                "advice": "opentraces import --all",
            },
            {
                "topic": "index",
                "level": "fail",
                "text": "damaged: \x1b[31ma\nb",
                "advice": None,
            },
        ],
        "mended": ["mended a\ufffd\ufffd\ufffd"],
    }
