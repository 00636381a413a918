"""How a session is cut into slices: by a template, by numbers, or around a step."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    return (_chosen(steps[max(at - AROUND, 0) : at + AROUND + 1], steps, steps[at]),)


def _bursts(steps: Sequence[Passed]) -> Iterator[Chosen]:
    return (Chosen(burst.steps, burst.request) for burst in bursts_of(steps))


def _turns(steps: Sequence[Passed]) -> Iterator[Chosen]:
    return (Chosen(turn.steps, turn.request) for turn in turns_of(steps))


def _edits(steps: Sequence[Passed]) -> Iterator[Chosen]:
    """Yield each step that changes files, with the look at them before and the test after it."""
    for at, step in enumerate(steps):
        edits = tuple(_good(step, Deed.EDIT))
        if not edits:
            continue
        before = _seen_before(steps[:at], _files(edits))
        after = _next_test(steps[at + 1 :])
        yield _chosen([*before, step, *after], steps, step)


def _seen_before(steps: Sequence[Passed], files: Sequence[str]) -> list[Passed]:
    """Return the last look at some files, if none of them was changed since."""
    for step in reversed(steps):
        if share_a_file(_files(_good(step, Deed.EDIT)), files):
            return []
        if share_a_file(_files(_good(step, Deed.READ)), files):
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
        failed = [doing for doing in step.doings if doing.went_wrong]
        if not failed or step.number <= until:
            continue
        way = [step, *_mending(failed, steps[at + 1 : at + _LONGEST_WAY])]
        until = way[-1].number
        yield _chosen(way, steps, step)


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
    if doing.went_wrong or doing.deed is not failed.deed:
        return False
    is_same = doing.what == failed.what or share_a_file(failed.files, doing.files)
    return is_same or failed.deed is Deed.TEST


def _tests(steps: Sequence[Passed]) -> Iterator[Chosen]:
    """Yield each run of tests, with what was changed since the one before."""
    runs = [at for at, step in enumerate(steps) if any(d.deed is Deed.TEST for d in step.doings)]
    for before, at in pairwise([-1, *runs]):
        changed = [step for step in steps[before + 1 : at] if any(_good(step, Deed.EDIT))]
        yield _chosen([*changed, steps[at]], steps, steps[at])


def _good(step: Passed, deed: Deed) -> Iterator[Doing]:
    return (doing for doing in step.doings if doing.deed is deed and not doing.is_failed)


def _files(doings: Iterable[Doing]) -> tuple[str, ...]:
    return tuple(path for doing in doings for path in doing.files)


def share_a_file(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two lists of paths may name a file both.

    Agents name a file now whole, now from where they stand: then the one path ends as the other.
    """
    ends = [_parts(path) for path in others]
    return any(_is_end(_parts(path), end) for path in some for end in ends)


def _parts(path: str) -> list[str]:
    return [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]


def _is_end(one: list[str], other: list[str]) -> bool:
    shared = min(len(one), len(other))
    return shared > 0 and one[-shared:] == other[-shared:]


def _chosen(
    chosen: Sequence[Passed], steps: Sequence[Passed], about: Passed | None = None
) -> Chosen:
    served = about or chosen[0]
    asked = [step for step in steps if step.is_request and step.number <= served.number]
    return Chosen(tuple(chosen), asked[-1] if asked else None, about)


_TEMPLATES: Mapping[Template, Callable[[Sequence[Passed]], Iterator[Chosen]]] = {
    "bursts": _bursts,
    "turns": _turns,
    "edits": _edits,
    "errors": _errors,
    "tests": _tests,
}
