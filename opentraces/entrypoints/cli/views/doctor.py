"""What was found of an installation: the answer, then a line for each thing."""

from collections.abc import Iterator

from opentraces.application.diagnosing.diagnose import Diagnosis
from opentraces.domain.health import Check, Level
from opentraces.entrypoints.cli.output import Bold, Good, Line, Odd, Wrong
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count

_SIGNS = {Level.OK: Good("✓ "), Level.WARN: Odd("! "), Level.FAIL: Wrong("✗ ")}
_WORDS = {Level.OK: "ok    ", Level.WARN: "warn  ", Level.FAIL: "fail  "}


def diagnosis_lines(diagnosis: Diagnosis, *, with_signs: bool) -> Iterator[Line]:
    """Show what was found; `with_signs`: signs stand for the words, as on a terminal."""
    marks = _SIGNS if with_signs else _WORDS
    yield (Bold(_answer(diagnosis)),)
    yield from (("Mended  ", one_line(text)) for text in diagnosis.mended)
    width = max((len(check.topic) for check in diagnosis.checks), default=0)
    for check in diagnosis.checks:
        yield (marks[check.level], f"{check.topic:<{width}}  ", _said(check))


def _answer(diagnosis: Diagnosis) -> str:
    odd, wrong = diagnosis.at(Level.WARN), diagnosis.at(Level.FAIL)
    are_wrong = f"{wrong} is wrong" if wrong == 1 else f"{wrong} are wrong"
    if not odd and not wrong:
        return "All is well"
    if not odd:
        return f"{count(wrong, 'thing')} {'is' if wrong == 1 else 'are'} wrong"
    things = f"{count(odd + wrong, 'thing')} to look at"
    return f"{things}, {are_wrong}" if wrong else things


def _said(check: Check) -> str:
    text = one_line(check.text)
    return text if check.advice is None else f"{text} → {one_line(check.advice)}"
