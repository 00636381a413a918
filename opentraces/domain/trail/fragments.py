"""Lines that a patch wrote at a place that was not told: found again by the run they make."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.owners import NEW, Owner, owner
from opentraces.domain.trail.text import Edits, is_telling

_Run = tuple[int, tuple[bytes, ...]]
"""The place of its first line among those of the patch, and its lines."""


@frozen_dataclass
class Fragment:
    """What a patch wrote, without the file around it."""

    patch: int
    """Number of the patch."""

    moment: int
    """When, in milliseconds since 1970."""

    runs: tuple[_Run, ...]
    """Lines that it wrote one after the other."""

    @property
    def owners(self) -> set[Owner]:
        """All lines that it wrote."""
        return {owner(self.patch, at + n) for at, run in self.runs for n in range(len(run))}

    def found_in(self, lines: Sequence[bytes], places: Collection[int]) -> dict[int, Owner]:
        """Return which of its lines stand where among `lines`; only `places` are looked at.

        A run that stands in more than one place stands in none. Where others put lines into it, or
        took some, its pieces are found by lines that stand nowhere else, in the order of the run.
        """
        return {
            place: owner(self.patch, at + number)
            for at, run in self.runs
            for number, place in _places_of(run, lines, places)
        }


def fragment(patch: int, moment: int, hunks: Sequence[Hunk], edits: Edits) -> Fragment:
    """Return what hunks wrote. A line that stood in a hunk before was not written by it."""
    runs: list[_Run] = []
    at = 0
    for hunk in hunks:
        before, after = (_encoded(lines) for lines in (hunk.before, hunk.after))
        for _, _, first, last in edits(_text(before), _text(after)):
            if first < last:
                runs.append((at, after[first:last]))
                at += last - first
    return Fragment(patch, moment, tuple(runs))


def _encoded(lines: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(line.encode("utf-8", "replace") for line in lines)


def _text(lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def claimed(
    owners: list[Owner], lines: Sequence[bytes], fragments: Sequence[Fragment]
) -> list[Owner]:
    """Return the owners with the lines of fragments among those that are NEW."""
    owners = list(owners)
    for each in fragments:
        free = {at for at, who in enumerate(owners) if who == NEW}
        for at, who in each.found_in(lines, free).items():
            owners[at] = who
    return owners


def _places_of(
    run: tuple[bytes, ...], lines: Sequence[bytes], places: Collection[int]
) -> Iterator[tuple[int, int]]:
    """Yield lines of a run, by number, and the place of each."""
    for first, part in _parts(0, run):
        place = _only_place(part, lines, places)
        if place is not None:
            end, after = first + len(part), place + len(part)
            yield from _pieces(run, range(first), lines, {at for at in places if at < place})
            yield from zip(range(first, end), range(place, after), strict=True)
            rest = {at for at in places if at >= after}
            yield from _pieces(run, range(end, len(run)), lines, rest)
            return
    yield from _pieces(run, range(len(run)), lines, places)


def _pieces(
    run: tuple[bytes, ...], numbers: range, lines: Sequence[bytes], places: Collection[int]
) -> Iterator[tuple[int, int]]:
    """Yield those of some lines that stand beside one that tells, and stands nowhere else."""
    if not numbers or not places:
        return
    often, last = Counter(lines), {line: at for at, line in enumerate(lines)}
    done, low = numbers.start, 0
    while done < numbers.stop:
        number = next(
            (n for n in range(done, numbers.stop) if often[run[n]] == 1 and is_telling(run[n])),
            numbers.stop,
        )
        at = last.get(run[number], -1) if number < numbers.stop else -1
        if at < low or at not in places:
            done = number + 1
            continue
        shift = at - number
        first = end = number
        while first > done and _is_at(first - 1, shift, run, lines, places) and first + shift > low:
            first -= 1
        while end < numbers.stop and _is_at(end, shift, run, lines, places):
            end += 1
        yield from ((n, n + shift) for n in range(first, end))
        done, low = end, end + shift


def _is_at(
    number: int,
    shift: int,
    run: tuple[bytes, ...],
    lines: Sequence[bytes],
    places: Collection[int],
) -> bool:
    """Whether a line of a run stands, so much shifted, at a place."""
    return number + shift in places and lines[number + shift] == run[number]


def _parts(at: int, run: tuple[bytes, ...]) -> Iterator[_Run]:
    """Yield the run, then what is left of it where its first and last line are parts of lines.

    Lines of nothing at its ends may be taken for others that stand there.
    """
    yield at, run
    full = [number for number, line in enumerate(run) if line.strip()]
    if full and len(full) < len(run):
        yield at + full[0], run[full[0] : full[-1] + 1]
    if len(run) > 1:
        yield at + 1, run[1:]
        yield at, run[:-1]
    if len(run) > 2:
        yield at + 1, run[1:-1]


def _only_place(
    run: tuple[bytes, ...], lines: Sequence[bytes], places: Collection[int]
) -> int | None:
    if not any(map(is_telling, run)):
        return None
    wanted, size = list(run), len(run)
    found = [
        at
        for at in range(len(lines) - size + 1)
        if lines[at] == wanted[0] and list(lines[at : at + size]) == wanted
    ]
    if len(found) != 1 or any(at not in places for at in range(found[0], found[0] + size)):
        return None
    return found[0]
