"""How a session is cut into slices: by a template, by numbers, or around a step."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from opentraces.domain.activity.bursts import bursts_of
from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.deed import Deed, Doing
from opentraces.domain.activity.turns import turns_of
from opentraces.domain.slices.chosen import Chosen

Template = Literal["bursts", "turns", "edits", "errors", "tests"]

AROUND = 3
"""So many steps on each side of one that is asked for."""

_LONGEST_WAY = 40
"""Steps from a failure on; what takes longer to mend is cut there."""


def by_template(template: Template, steps: Sequence[Passed]) -> tuple[Chosen, ...]:
    """Cut a course by a template, in the order of their first steps; empty: it has none of it."""
    return tuple(_TEMPLATES[template](steps))


def by_numbers(first: int, last: int, steps: Sequence[Passed]) -> tuple[Chosen, ...]:
    """Return the steps of two numbers and between them; empty: there are none."""
    chosen = tuple(step for step in steps if first <= step.number <= last)
    return (_chosen(chosen, steps),) if chosen else ()


def around(number: int, steps: Sequence[Passed]) -> tuple[Chosen, ...]:
    """Return a step and those before and after it; empty: there is no such step."""
    at = next((at for at, step in enumerate(steps) if step.number == number), None)
    if at is None:
        return ()
    return (_chosen(steps[max(at - AROUND, 0) : at + AROUND + 1], steps),)


def _bursts(steps: Sequence[Passed]) -> Iterator[Chosen]:
    return (Chosen(burst.steps, burst.request) for burst in bursts_of(steps))


def _turns(steps: Sequence[Passed]) -> Iterator[Chosen]:
    return (Chosen(turn.steps, turn.request) for turn in turns_of(steps))


def _edits(steps: Sequence[Passed]) -> Iterator[Chosen]:
    """Yield each step that changes files, with the look at them before and the test after it."""
    for at, step in enumerate(steps):
        files = {_base(path) for doing in _good(step, Deed.EDIT) for path in doing.files}
        if not any(True for _ in _good(step, Deed.EDIT)):
            continue
        before = _seen_before(steps[:at], files)
        after = _next_test(steps[at + 1 :])
        yield _chosen([*before, step, *after], steps)


def _seen_before(steps: Sequence[Passed], files: set[str]) -> list[Passed]:
    """Return the last look at some files, if none of them was changed since."""
    for step in reversed(steps):
        if any(_base(path) in files for doing in _good(step, Deed.EDIT) for path in doing.files):
            return []
        if any(_base(path) in files for doing in _good(step, Deed.READ) for path in doing.files):
            return [step]
    return []


def _next_test(steps: Sequence[Passed]) -> list[Passed]:
    """Return the run of tests that follows, before somebody asks for something else."""
    for step in steps:
        if step.is_request:
            return []
        if any(doing.deed is Deed.TEST for doing in step.doings):
            return [step]
    return []


def _errors(steps: Sequence[Passed]) -> Iterator[Chosen]:
    """Yield each failure, up to where the same thing went well."""
    until = 0
    for at, step in enumerate(steps):
        failed = [doing for doing in step.doings if doing.is_failed]
        if not failed or step.number <= until:
            continue
        way = [step, *_mending(failed, steps[at + 1 : at + _LONGEST_WAY])]
        until = way[-1].number
        yield _chosen(way, steps)


def _mending(failed: Sequence[Doing], steps: Sequence[Passed]) -> Iterator[Passed]:
    """Yield what came next: all up to a success, or else the one step that answered."""
    way: list[Passed] = []
    for step in steps:
        if step.is_request:
            break
        way.append(step)
        if any(_is_mended(each, doing) for each in failed for doing in step.doings):
            yield from way
            return
    yield from way[:1]


def _is_mended(failed: Doing, doing: Doing) -> bool:
    if doing.is_failed or doing.deed is not failed.deed:
        return False
    same_files = {_base(path) for path in failed.files} & {_base(path) for path in doing.files}
    return doing.what == failed.what or bool(same_files) or failed.deed is Deed.TEST


def _tests(steps: Sequence[Passed]) -> Iterator[Chosen]:
    """Yield each run of tests, with what was changed since the one before."""
    runs = [at for at, step in enumerate(steps) if any(d.deed is Deed.TEST for d in step.doings)]
    for before, at in pairwise([-1, *runs]):
        changed = [step for step in steps[before + 1 : at] if any(_good(step, Deed.EDIT))]
        yield _chosen([*changed, steps[at]], steps)


def _good(step: Passed, deed: Deed) -> Iterator[Doing]:
    return (doing for doing in step.doings if doing.deed is deed and not doing.is_failed)


def _base(path: str) -> str:
    """Return the last part of a path: agents name a file now whole, now from where they stand."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _chosen(chosen: Sequence[Passed], steps: Sequence[Passed]) -> Chosen:
    asked = [step for step in steps if step.is_request and step.number <= chosen[0].number]
    return Chosen(tuple(chosen), asked[-1] if asked else None)


_TEMPLATES: Mapping[Template, Callable[[Sequence[Passed]], Iterator[Chosen]]] = {
    "bursts": _bursts,
    "turns": _turns,
    "edits": _edits,
    "errors": _errors,
    "tests": _tests,
}
