"""What filled the context for nothing, as far as the session itself shows it.

A look that had the same answer before, or a failure that comes again, nothing changed between; a
large output of whose new words nothing that the model wrote afterwards has one.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.deed import Deed, Doing
from opentraces.domain.context.filling import BYTES_A_TOKEN
from opentraces.domain.words import words

_LOOKS = (Deed.READ, Deed.SEARCH)
_MAY_CHANGE = (Deed.EDIT, Deed.COMMIT, Deed.SUBAGENT)

LARGE = 2000
"""Tokens from which on it is worth asking whether an output was of use."""

_NEW_WORDS = 20
"""So many words that were not there before, or an output cannot be told from what was known."""

_SHORTEST = 4
"""Letters and digits; a shorter word may be there by chance."""


class Waste(NamedTuple):
    """Something that filled the context for nothing."""

    kind: str
    """`repeated_read`, `failing_loop` or `unused_output`."""

    what: str
    """Of what: a path, a command."""

    steps: tuple[int, ...]
    """The steps, ascending; of what came again, the first one, too."""

    tokens: int
    """About how many tokens were for nothing: the bytes of the outputs that were, by four."""


class _Did(NamedTuple):
    step: Passed
    doing: Doing


def waste_of(steps: Sequence[Passed]) -> tuple[Waste, ...]:
    """Return what filled the context for nothing, the most tokens first.

    Of each context by itself: the session's own, and each helper's. Branches that were left are
    passed over.
    """
    found: list[Waste] = []
    for helper in dict.fromkeys(step.helper for step in steps):
        own = [step for step in steps if step.helper == helper and not step.is_left]
        found += [*_repeated(own), *_loops(own), *_unused(own)]
    return tuple(sorted(found, key=lambda each: (-each.tokens, each.steps)))


def tokens_about(text: str) -> int:
    """Return about how many tokens a text is: its bytes, by four."""
    return len(text.encode("utf-8", "replace")) // BYTES_A_TOKEN


def _repeated(steps: Sequence[Passed]) -> Iterator[Waste]:
    """Yield looks that showed again what still was in the context, nothing changed between."""
    looks: dict[tuple[str, str], list[_Did]] = {}
    for step in steps:
        for doing in step.doings:
            ended = [key for key, seen in looks.items() if _ends(doing, seen[0].doing)]
            yield from _all_repeated(looks.pop(key) for key in ended)
            if doing.deed in _LOOKS and not doing.is_failed and doing.output:
                looks.setdefault((doing.what, doing.output), []).append(_Did(step, doing))
    yield from _all_repeated(looks.values())


def _ends(doing: Doing, look: Doing) -> bool:
    """Tell whether it is right to look again afterwards."""
    if doing.deed is Deed.COMPACTION:
        return True
    if doing.deed not in _MAY_CHANGE or doing.is_failed:
        return False
    if doing.deed is Deed.SUBAGENT or look.deed is Deed.SEARCH:
        return True
    if doing.deed is not Deed.EDIT:
        return False
    changed, seen = _names(doing), _names(look)
    return not changed or not seen or not changed.isdisjoint(seen)


def _names(doing: Doing) -> frozenset[str]:
    """Return the names of its files: of the same file, calls may write different paths."""
    return frozenset(PurePath(path).name for path in doing.files)


def _all_repeated(looks: Iterable[Sequence[_Did]]) -> Iterator[Waste]:
    for seen in looks:
        if len(seen) > 1:
            tokens = tokens_about(seen[0].doing.output) * (len(seen) - 1)
            numbers = tuple(each.step.number for each in seen)
            yield Waste("repeated_read", seen[0].doing.what, numbers, tokens)


def _loops(steps: Sequence[Passed]) -> Iterator[Waste]:
    """Yield what failed again although nothing had been changed."""
    failing: dict[tuple[Deed, str], list[_Did]] = {}
    for step in steps:
        for doing in step.doings:
            key = (doing.deed, doing.what)
            if doing.deed in _MAY_CHANGE and not doing.is_failed:
                yield from _all_loops(failing)
                failing = {}
            elif doing.call and doing.is_failed:
                failing.setdefault(key, []).append(_Did(step, doing))
            elif doing.call:
                yield from _all_loops({key: failing.pop(key, [])})
    yield from _all_loops(failing)


def _all_loops(failing: dict[tuple[Deed, str], list[_Did]]) -> Iterator[Waste]:
    for (_, what), tries in failing.items():
        if len(tries) > 1:
            tokens = sum(tokens_about(each.doing.output) for each in tries[1:])
            yield Waste("failing_loop", what, tuple(each.step.number for each in tries), tokens)


def _unused(steps: Sequence[Passed]) -> Iterator[Waste]:
    """Yield large outputs that left no trace in what the model wrote afterwards."""
    written = [_written(step) for step in steps]
    latest = {word: at for at, those in enumerate(written) for word in those}
    end = max(latest.values(), default=-1)
    known: set[str] = set()
    for at, step in enumerate(steps):
        known |= _telling(step.words) | written[at]
        for doing in step.doings:
            told = _telling(doing.output)
            new = told - known if at < end and _is_large(doing) else set()
            if len(new) >= _NEW_WORDS and all(latest.get(word, -1) <= at for word in new):
                tokens = tokens_about(doing.output)
                yield Waste("unused_output", doing.what, (step.number,), tokens)
            known |= told


def _is_large(doing: Doing) -> bool:
    return (
        doing.deed in (*_LOOKS, Deed.COMMAND, Deed.TOOL)
        and not doing.is_failed
        and tokens_about(doing.output) >= LARGE
    )


def _written(step: Passed) -> set[str]:
    """Return the words that the model wrote in a step."""
    if step.role != "agent":
        return set()
    asked = " ".join(doing.asked for doing in step.doings)
    return _telling(f"{step.words}\n{step.thinking}\n{asked}")


def _telling(text: str) -> set[str]:
    return {word for word in words(text) if len(word) >= _SHORTEST}
