"""Show what a trace changed, and what became of it."""

from collections.abc import Iterator, Mapping

from opentraces.application.kept_texts import KeptTexts
from opentraces.application.open_repository import Opened
from opentraces.application.read_trail import ReadTrail
from opentraces.domain.address import Address
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import StepNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.events import PatchCreated
from opentraces.domain.trail.file_change import FileChange, Hunk, TextPlace
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.known import KnownTrail
from opentraces.domain.trail.located import located
from opentraces.domain.trail.shown import ShownPatch, fates, held_by, hunks_of
from opentraces.ports.commit_log import CommitLog
from opentraces.ports.text_diff import TextDiff
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class ShownTrail:
    """What was asked for of a trace."""

    trace: TraceId
    """Which."""

    agent: str
    """Whose session."""

    title: str | None
    """Its title. None: it has none."""

    steps: tuple[int, int] | None
    """The first and the last step that were asked for. None: the trace as a whole."""

    patches: tuple[ShownPatch, ...]
    """By step, then in the order of the trail."""


@frozen_dataclass
class ShowTrail:
    """Show what a trace changed, and what became of it, as far as its trail says."""

    traces: TraceStore
    trails: ReadTrail
    texts: KeptTexts
    diff: TextDiff
    log: CommitLog

    def execute(self, trace: TraceId, address: Address, opened: Opened | None) -> ShownTrail:
        """`opened`: the repository in which commits are looked up. None: none can be.

        Raises TraceNotFound, StepNotFound, Corrupt, RepositoryUnreadable, StorageUnavailable.
        """
        envelope = self.traces.envelope(trace)
        steps = _bounds(address, envelope)
        trail = self.trails.of(envelope).trail
        meant = [each for each in trail.patches.values() if _is_meant(each, steps)]
        meant.sort(key=lambda each: each.step_index)
        return ShownTrail(
            trace=trace,
            agent=envelope.header.agent.value,
            title=envelope.header.title,
            steps=steps,
            patches=self._patches(envelope, trail, meant, opened),
        )

    def _patches(
        self,
        envelope: Envelope,
        trail: KnownTrail,
        meant: list[PatchCreated],
        opened: Opened | None,
    ) -> tuple[ShownPatch, ...]:
        found = fates(trail, opened.key if opened else None)
        texts = self.texts.read(envelope, {p for each in meant for p in _places(each.change)})
        commits = [CommitId(a.commit) for m in meant for a in found[m.patch_id].anchors]
        briefs = self.log.named(opened.worktree, commits) if opened and commits else {}
        subjects = {commit: brief.subject for commit, brief in briefs.items()}
        worktree = envelope.header.worktree
        roots = {*(opened.worktrees if opened else ()), *([worktree.path] if worktree else ())}
        return tuple(
            ShownPatch(
                made=made,
                path=_path(made.change.path, roots),
                hunks=self._hunks(made.change, texts),
                held_by=held_by(fate.anchors, subjects, trail),
                survival=fate.survival,
                fate=fate.fate,
            )
            for made in meant
            for fate in (found[made.patch_id],)
        )

    def _hunks(
        self, change: FileChange, texts: Mapping[TextPlace, bytes]
    ) -> tuple[Hunk, ...] | None:
        before = texts.get(change.before) if change.before else None
        after = texts.get(change.after) if change.after else None
        return hunks_of(change, before, after, self.diff.edits)


def _bounds(address: Address, envelope: Envelope) -> tuple[int, int] | None:
    if address.first is None:
        return None
    count = envelope.header.steps
    first = count if address.first == -1 else address.first
    if not 1 <= first <= count:
        raise StepNotFound(f"no step {first} in {envelope.trace_id}: it has {count}")
    return first, first if address.last is None else address.last


def _is_meant(made: PatchCreated, steps: tuple[int, int] | None) -> bool:
    return steps is None or steps[0] <= made.step_index <= steps[1]


def _places(change: FileChange) -> Iterator[TextPlace]:
    """Yield what has to be read to know what changed: nothing, where hunks tell it."""
    if not change.hunks:
        yield from (place for place in (change.before, change.after) if place is not None)


def _path(path: str, roots: set[str]) -> str:
    place = located(path, roots)
    return place.path if place is not None else path
