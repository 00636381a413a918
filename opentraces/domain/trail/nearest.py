"""The states of a file that come nearest to what a commit holds, and what they say of its lines."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.chain import Chain
from opentraces.domain.trail.claims import Claim, Subject
from opentraces.domain.trail.owners import NOBODY, UNKNOWN, OwnedText, Owner, patch_of, unchanged
from opentraces.domain.trail.text import Edits, ended

_MOST_RANKS = 6
"""So many distances are asked at most, nearest first."""

_MOST_STATES = 64
"""So many states are compared at most, latest first."""


@frozen_dataclass
class Said:
    """What states of a file say of the lines that a commit adds to it."""

    claims: dict[int, Claim]
    """Who may have written which line, by place from 0."""

    unseen: frozenset[int]
    """Places of the lines that none of the states has."""


def said_of(subject: Subject, chains: Sequence[Chain], edits: Edits) -> Said:
    """Ask the states that come nearest who may have written which added line.

    A line that the nearest state has without an owner is nobody's; one that it lacks is asked of
    the next. States that are equally near and disagree say nothing.
    """
    said = _asked(subject, _states(subject, chains), edits)
    told = _from_fragments(subject, chains, set(said.unseen))
    claims = {at: Claim(patch_of(who), who, "exact_range_hash") for at, who in told.items()}
    return Said({**said.claims, **claims}, said.unseen - claims.keys())


def said_of_formatted(
    squeezed: Subject, subject: Subject, chains: Sequence[Chain], edits: Edits
) -> Said:
    """Ask likewise about lines of which only white space may have changed since.

    `squeezed`: the subject as `Subject.squeezed` returns it.
    """
    states = [each.squeezed for each in _states(subject, chains)]
    return _asked(squeezed, states, edits)


def _asked(subject: Subject, states: Sequence[OwnedText], edits: Edits) -> Said:
    claims: dict[int, Claim] = {}
    open_lines = set(subject.added)
    for group in _ranked(subject, states):
        if not open_lines:
            break
        said = [_owners(subject, state, edits) for state in group]
        tier = _tier(subject, group)
        for at in sorted(open_lines):
            owners = {each[at] for each in said if each.get(at, UNKNOWN) != UNKNOWN}
            if not owners:
                continue
            open_lines.discard(at)
            who = owners.pop()
            if not owners and who != NOBODY:
                claims[at] = Claim(patch_of(who), who, tier)
    return Said(claims, frozenset(open_lines))


def _states(subject: Subject, chains: Sequence[Chain]) -> list[OwnedText]:
    """Return what the file held before the commit was made, latest first, as Git would keep it."""
    found = [each for chain in chains for each in chain.states if each.moment < subject.until]
    found.sort(key=lambda each: each.moment, reverse=True)
    is_plain = b"\r\n" not in subject.text
    return [_as_kept(each) if is_plain else each for each in found[:_MOST_STATES]]


def _as_kept(state: OwnedText) -> OwnedText:
    return state.plain if b"\r\n" in state.text else state


def _ranked(subject: Subject, states: Sequence[OwnedText]) -> Iterator[list[OwnedText]]:
    """Yield the states by how near they are; those that are equally near, together."""
    ranked = sorted(((_distance(subject, each), each) for each in states), key=lambda each: each[0])
    grouped = groupby(ranked, key=lambda each: each[0])
    for _, (_, group) in zip(range(_MOST_RANKS), grouped, strict=False):
        yield [state for _, state in group]


def _distance(subject: Subject, state: OwnedText) -> tuple[int, int]:
    """Return how many added lines a state lacks, and how many lines differ in all."""
    lacks = subject.counts_added - state.counts
    differ = subject.counts - state.counts
    extra = state.counts - subject.counts
    return lacks.total(), differ.total() + extra.total()


def _owners(subject: Subject, state: OwnedText, edits: Edits) -> dict[int, Owner]:
    """Return what a state says of added lines: who wrote those that it has."""
    same = unchanged(state.text, subject.text, edits)
    return {at: state.owners[same[at]] for at in subject.added if at in same}


def _tier(subject: Subject, states: Sequence[OwnedText]) -> EvidenceTier:
    if any(each.likeness == "squeezed" for each in states):
        return "formatter_divergent"
    if any(each.likeness == "cleaned" for each in states):
        return "git_clean_range_hash"
    is_equal = any(ended(each.text) == ended(subject.text) for each in states)
    return "exact_blob_hash" if is_equal else "exact_range_hash"


def _from_fragments(
    subject: Subject, chains: Sequence[Chain], places: set[int]
) -> dict[int, Owner]:
    """Return lines of which only the run they make is known; two that fit one place fit none."""
    found: dict[int, Owner] = {}
    contested: set[int] = set()
    for each in (part for chain in chains for part in chain.fragments):
        if each.moment >= subject.until:
            continue
        for at, who in each.found_in(subject.lines, places).items():
            if at in found and patch_of(found[at]) != patch_of(who):
                contested.add(at)
            found[at] = who
    return {at: who for at, who in found.items() if at not in contested}
