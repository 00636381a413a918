"""Steps of a course, made up."""

from typing import Any

from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.deed import Answer, Deed, Doing

MINUTE = 60_000


def asked(number: int, words: str = "Do it", **more: Any) -> Passed:
    return Passed(number, "user", words, (Doing(Deed.REQUEST, words),), **more)


def said(number: int, words: str = "Done", **more: Any) -> Passed:
    return Passed(number, "agent", words, (Doing(Deed.WORDS, words),), **more)


def did(number: int, *doings: Doing, words: str = "", **more: Any) -> Passed:
    return Passed(number, "agent", words, doings, **more)


def told(number: int, words: str = "The program says", **more: Any) -> Passed:
    return Passed(number, "system", words, (), **more)


def call(deed: Deed, what: str = "x", **more: Any) -> Doing:
    if "output" in more:
        more["answers"] = (Answer(more["output"], is_failed=more.get("is_failed", False)),)
    return Doing(deed, what, call="c", **more)
