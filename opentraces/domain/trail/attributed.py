"""The lines of a commit that a session wrote, in the form of the Agent Trace specification."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from opentraces.domain.attribution import (
    Attribution,
    AttributionConversation,
    AttributionFile,
    AttributionRange,
    Confidence,
)
from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.ids import TraceId
from opentraces.domain.step import Step
from opentraces.domain.trail.events import Anchored, PatchCreated
from opentraces.domain.trail.known import KnownTrail

_CERTAIN: tuple[EvidenceTier, ...] = ("exact_blob_hash", "exact_range_hash")


def attribution_of(
    trace: TraceId,
    commit: str,
    made: Sequence[PatchCreated],
    trail: KnownTrail,
    steps: Mapping[int, Step],
) -> Attribution:
    """Say which lines of a commit are a trace's; `made`: its patches, in order."""
    files: dict[str, dict[int, list[Anchored]]] = {}
    for patch in made:
        for anchor in trail.anchors_of(patch.patch_id):
            if anchor.commit == commit:
                at = files.setdefault(anchor.path, {})
                at.setdefault(patch.step_index, []).append(anchor)
    tiers = (each.tier for at in files.values() for held in at.values() for each in held)
    return Attribution(
        experimental=any(tier not in _CERTAIN for tier in tiers),
        revision={"vcs_type": "git", "revision": commit},
        files=tuple(
            AttributionFile(
                path=path,
                conversations=tuple(
                    _conversation(trace, index, held, steps) for index, held in files[path].items()
                ),
            )
            for path in sorted(files)
        ),
    )


def _conversation(
    trace: TraceId, index: int, held: Iterable[Anchored], steps: Mapping[int, Step]
) -> AttributionConversation:
    model = steps[index].model if index in steps else None
    return AttributionConversation(
        contributor={"type": "ai", **({"model_id": model} if model else {})},
        url=f"opentraces://{trace}/step_{index}" if index else None,
        ranges=tuple(_ranges(held)),
    )


def _ranges(held: Iterable[Anchored]) -> Iterator[AttributionRange]:
    """Yield runs of lines, ascending; those of several patches that touch are one."""
    runs: list[tuple[int, int, Confidence]] = []
    found = ((*lines, _confidence(each.tier)) for each in held for lines in each.lines)
    for first, last, confidence in sorted(found):
        if runs and first <= runs[-1][1] + 1 and runs[-1][2] == confidence:
            runs[-1] = (runs[-1][0], max(runs[-1][1], last), confidence)
        else:
            runs.append((first, last, confidence))
    for first, last, confidence in runs:
        yield AttributionRange(start_line=first, end_line=last, confidence=confidence)


def _confidence(tier: EvidenceTier) -> Confidence:
    return "high" if tier in _CERTAIN else "medium"
