"""What is to be noted of a trail."""

from collections.abc import Iterable, Iterator

from opentraces.domain.envelope import Envelope
from opentraces.domain.header import live_facts, told_commit
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.events import Anchored, PatchCreated, StateObserved, TrailEvent
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.known import KnownTrail, known_trail
from opentraces.domain.trail.noted import NotedCredit, NotedTrace, NotedTrail


def place_of(envelope: Envelope) -> tuple[str, str]:
    """Return repository and worktree of a trace, as they are noted; empty where not known."""
    signs = envelope.header.worktree
    return (signs.key, signs.path) if signs else ("", "")


def beginning_of(envelope: Envelope) -> tuple[str, str]:
    """Return the folder that a session began in, and the commit that its agent told of.

    Each is empty where it is not told, and where the worktree is known, which says more.
    """
    header = envelope.header
    folder = header.folder or ""
    if header.worktree is not None or not folder.startswith("/"):
        return "", ""
    return folder, told_commit(live_facts(header.sources)) or ""


def is_noted(envelope: Envelope, before: NotedTrace | None) -> bool:
    """Whether a trail is noted as it is."""
    return (
        before is not None
        and (before.trail_generation, before.trail_length) == _extent(envelope)
        and (before.repository, before.worktree) == place_of(envelope)
        and (before.folder, before.base) == beginning_of(envelope)
    )


def noted_length(envelope: Envelope, before: NotedTrace | None) -> int:
    """Return how many bytes of a trail are noted; 0: none that can be relied on."""
    if before is None or before.trail_generation != envelope.trail_generation:
        return 0
    return before.trail_length if before.trail_length <= envelope.trail_length else 0


def noted_trail(
    envelope: Envelope, events: Iterable[TrailEvent], before: NotedTrace | None = None
) -> NotedTrail:
    """Return what is to be noted of a trail.

    `before`: what was noted of its beginning, and `events` are those after it; who found what of
    the patches before then said so when it was found. None: `events` are all.
    """
    trail = known_trail(events)
    repository, worktree = place_of(envelope)
    generation, length = _extent(envelope)
    folder, base = beginning_of(envelope)
    moments = [before.first] if before else []
    moments += [patch.change.moment or 0 for patch in trail.patches.values()]
    trace = NotedTrace(
        trace=envelope.trace_id,
        repository=repository,
        worktree=worktree,
        commit=envelope.commit,
        first=min((moment for moment in moments if moment), default=0),
        paths=frozenset(_paths(trail)) | (before.paths if before else frozenset()),
        trail_generation=generation,
        trail_length=length,
        folder=folder,
        base=base,
    )
    return NotedTrail(trace, {} if before else _found(envelope.trace_id, trail))


def credits_of(trace: TraceId, patch: PatchCreated, anchored: Anchored) -> Iterator[NotedCredit]:
    """Yield what a commit holds of a patch; where that was taken back, an empty run."""
    for first, last in anchored.lines or ((0, 0),):
        yield NotedCredit(
            commit=CommitId(anchored.commit),
            path=anchored.path,
            first=first,
            last=last,
            trace=trace,
            step_index=patch.step_index,
            call=patch.change.call,
            patch=anchored.patch_id,
            tier=anchored.tier,
            committed=anchored.committed,
        )


def _extent(envelope: Envelope) -> tuple[int, int]:
    return envelope.trail_generation, envelope.trail_length


def _paths(trail: KnownTrail) -> Iterator[str]:
    happened: list[PatchCreated | StateObserved] = [*trail.patches.values(), *trail.sights]
    for event in happened:
        yield event.change.path
        if event.change.moved_from is not None:
            yield event.change.moved_from


def _found(trace: TraceId, trail: KnownTrail) -> dict[str, tuple[NotedCredit, ...]]:
    return {
        repository: tuple(
            credit
            for event in anchors.values()
            if event.patch_id in trail.patches
            for credit in credits_of(trace, trail.patches[event.patch_id], event)
        )
        for repository, anchors in trail.anchors.items()
    }
