"""What a session shows of the packages that its project is built on."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from opentraces.application.kept_texts import KeptTexts
from opentraces.domain.dependencies.declared import Declared
from opentraces.domain.dependencies.gathered import (
    Dependencies,
    InstalledAt,
    SeenManifest,
    gathered,
)
from opentraces.domain.dependencies.installing import commands_of, installed_by
from opentraces.domain.dependencies.manifests import manifest_of, read_manifest
from opentraces.domain.dependencies.pin_rows import pins_of
from opentraces.domain.envelope import Envelope
from opentraces.domain.header import base_commit
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.step_events import FromStep
from opentraces.domain.tied import names_of, text_place
from opentraces.domain.trail.applying import applied
from opentraces.domain.trail.events import ManifestObserved, TrailEvent
from opentraces.domain.trail.file_change import NO_RESULT, TAKEN_BACK, FileChange, TextPlace

RELEASED = "sources_released"
"""Limitation: manifests were seen whose content was let go with the session's bytes."""


@frozen_dataclass
class ReadDependencies:
    """Reads what a session shows of the packages that its project is built on.

    Manifests that it wrote, or was shown whole, as it saw them last; those that it never touched,
    as the commit has them that it began at; and commands that succeeded. Never the project as it
    is now.
    """

    texts: KeptTexts

    def execute(
        self,
        envelope: Envelope,
        kept: Sequence[KeptStep],
        trail: Iterable[TrailEvent],
        left_out: Collection[int] = (),
    ) -> Dependencies:
        """`left_out`: steps that are another trace's. Raises Corrupt, StorageUnavailable."""
        every = list(trail)
        events = _standing(every, left_out)
        places = {place for event in events for place in _places(event.change)}
        gone = {n for n, source in enumerate(envelope.header.sources) if source.released}
        found = self.texts.read(envelope, (each for each in places if each.source not in gone))
        installs = [one for each in kept for one in _installed(each, left_out)]
        is_short = any(place.source in gone for place in places)
        manifests = _seen(envelope, events, found)
        known = {each.path for each in manifests} | {_left(event.change) for event in events}
        manifests += _committed(envelope, every, known)
        return gathered(manifests, installs, (RELEASED,) if is_short else ())


def _standing(trail: Iterable[TrailEvent], left_out: Collection[int]) -> list[FromStep]:
    """Return what steps did to manifests and saw of them, in their order; what was said last."""
    said: dict[tuple[int, str | None, int, str], FromStep] = {}
    for event in trail:
        if isinstance(event, FromStep) and event.step_index not in left_out:
            change = event.change
            if manifest_of(change.path) or manifest_of(change.moved_from or ""):
                said[event.step_index, change.call, change.number, change.path] = event
    return sorted(said.values(), key=lambda event: event.step_index)


def _places(change: FileChange) -> Iterator[TextPlace]:
    yield from (place for place in (change.before, change.after) if place is not None)


def _seen(
    envelope: Envelope, events: Iterable[FromStep], found: Mapping[TextPlace, bytes]
) -> list[SeenManifest]:
    """Follow each file from state to state; return each as it was last."""
    names = names_of(envelope.header.sources)
    texts: dict[str, bytes] = {}
    seen: dict[str, SeenManifest] = {}
    for event in events:
        change = event.change
        if {NO_RESULT, TAKEN_BACK} & {*change.limitations}:
            continue
        left = _left(change)
        known = texts.pop(left, None) or texts.get(change.path)
        seen.pop(left, None)
        if change.operation == "delete":
            continue
        text = _after(change, found, known)
        said = _read(change.path, text)
        if text is None or said is None:
            continue
        texts[change.path] = text
        ecosystem, declared = said
        kept = text_place(change.after, names) if change.after in found else None
        seen[change.path] = SeenManifest(change.path, ecosystem, event.step_index, kept, declared)
    return [seen[path] for path in sorted(seen)]


def _committed(
    envelope: Envelope, trail: Iterable[TrailEvent], known: Collection[str]
) -> Iterator[SeenManifest]:
    """Yield manifests of the commit that the session began at; `known`: files it has no say on."""
    worktree, commit = envelope.header.worktree, base_commit(envelope.header)
    if worktree is None:
        return
    of_it = {
        event.path: event
        for event in trail
        if isinstance(event, ManifestObserved) and event.commit == commit
    }
    for path, event in sorted(of_it.items()):
        manifest = manifest_of(path)
        if manifest is not None and f"{worktree.path.rstrip('/')}/{path}" not in known:
            pins = None if event.pins is None else pins_of(event.pins)
            said = Declared(event.names, pins)
            yield SeenManifest(path, manifest.ecosystem, None, None, said, commit, event.blob)


def _left(change: FileChange) -> str:
    """Return the path at which nothing is after a change; empty: there is none."""
    return change.path if change.operation == "delete" else change.moved_from or ""


def _after(
    change: FileChange, found: Mapping[TextPlace, bytes], known: bytes | None
) -> bytes | None:
    """Return what a file held after a change. None: that does not follow from what is kept."""
    if change.after is not None and change.after in found:
        return found[change.after]
    if not change.hunks:
        return None
    before = found.get(change.before) if change.before is not None else known
    return applied(before, change.hunks) if before is not None else None


def _read(path: str, text: bytes | None) -> tuple[str, Declared] | None:
    manifest = manifest_of(path)
    said = read_manifest(manifest, text) if manifest is not None and text is not None else None
    return (manifest.ecosystem, said) if manifest is not None and said is not None else None


def _installed(kept: KeptStep, left_out: Collection[int]) -> Iterator[InstalledAt]:
    """Yield what a step's commands installed: those that were answered, and not by a failure."""
    step = kept.step
    if step.step_index in left_out:
        return
    answered = {seen.source_call_id for seen in step.observations}
    failed = {seen.source_call_id for seen in step.observations if seen.error is not None}
    for call in step.tool_calls:
        if call.tool_call_id in answered - failed:
            for command in commands_of(call):
                for one in installed_by(command):
                    yield InstalledAt(step.step_index, call.tool_call_id, one.ecosystem, one.names)
