"""What sessions had a part in commits, added up from credits."""

from collections.abc import Iterable, Mapping, Sequence

from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit


@frozen_dataclass
class Part:
    """What one session wrote of one commit."""

    trace: TraceId
    """The session's trace."""

    lines: int
    """Lines of the commit that are its."""

    tiers: Mapping[EvidenceTier, int]
    """What ties them, and how many it ties; the most first."""

    paths: tuple[str, ...]
    """The files they are in, ascending."""

    steps: tuple[int, ...]
    """The steps that wrote them, ascending; 0: made by no one step that we know."""


def parts_of(credited: Iterable[NotedCredit]) -> dict[CommitId, tuple[Part, ...]]:
    """Return the parts of each commit, the largest first. Each line counts once for a session."""
    grouped: dict[CommitId, dict[TraceId, list[NotedCredit]]] = {}
    for each in credited:
        grouped.setdefault(each.commit, {}).setdefault(each.trace, []).append(each)
    return {
        commit: tuple(
            sorted(
                (part_of(trace, theirs) for trace, theirs in traces.items()),
                key=lambda part: (-part.lines, part.trace),
            )
        )
        for commit, traces in grouped.items()
    }


def part_of(trace: TraceId, credited: Sequence[NotedCredit]) -> Part:
    """Add up the credits that one session has of one commit, or of some of its steps."""
    tied: dict[tuple[str, int], EvidenceTier] = {}
    for each in credited:
        for line in range(each.first, each.last + 1):
            tied.setdefault((each.path, line), each.tier)
    return Part(
        trace=trace,
        lines=len(tied),
        tiers=counted(tied.values()),
        paths=tuple(sorted({each.path for each in credited})),
        steps=tuple(sorted({each.step_index for each in credited})),
    )


def counted(tiers: Iterable[EvidenceTier]) -> dict[EvidenceTier, int]:
    """Count tiers, the most frequent first; of equals, by name."""
    return summed({tier: 1} for tier in tiers)


def summed(several: Iterable[Mapping[EvidenceTier, int]]) -> dict[EvidenceTier, int]:
    """Add counts of tiers up, likewise ordered."""
    sums: dict[EvidenceTier, int] = {}
    for counts in several:
        for tier, number in counts.items():
            sums[tier] = sums.get(tier, 0) + number
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))
