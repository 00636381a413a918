"""Mend one trace: from what is whole of it, and from the agent's own files."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import field

from opentraces.application.reproject_trace import Projected, ReprojectTrace
from opentraces.domain.envelope import Envelope, KeptSource
from opentraces.domain.errors import (
    Corrupt,
    NotFound,
    SourceUnreadable,
    StorageUnavailable,
)
from opentraces.domain.ids import TraceId
from opentraces.domain.mending import Filled, Gap
from opentraces.domain.session import SourceFile, SourceKind
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.domain.source_rows import SourceRow
from opentraces.ports.mending import Mender, Reread, TraceMending
from opentraces.ports.sessions import SessionSource
from opentraces.ports.trace_writing import TraceEdit

_AGAIN = "made again from the kept bytes"
_AGAIN_BUT_FOUND = (
    "changes made again from the kept bytes; what had been found of them in Git is lost, and is "
    "searched for again"
)
_AGAIN_BUT_REQUESTS = (
    "what the model saw made again from the kept bytes; requests that were kept themselves are lost"
)


@mutable_dataclass
class Report:
    """What becomes of the files of one trace, in words."""

    mended: dict[str, str] = field(default_factory=dict)
    """What was done, by file."""

    left: dict[str, str] = field(default_factory=dict)
    """Why nothing could be done, by file."""

    reason: str | None = None
    """Why nothing could be done about anything. None: something could be tried."""


@frozen_dataclass
class RepairTrace:
    """Mend one trace."""

    mender: Mender
    source: SessionSource
    reproject: ReprojectTrace
    dry_run: bool

    def execute(self, trace: TraceId) -> Report:
        """Idempotent. What cannot be mended stays as it is, and so does what is whole of it."""
        report = Report()
        try:
            unreadable = self._mend_files(trace, report)
            if unreadable is not None:
                self._mend_lines(trace, report, unreadable)
        except (Corrupt, NotFound, StorageUnavailable) as error:
            report.reason = str(error)
        return report

    def _mend_files(self, trace: TraceId, report: Report) -> Collection[int] | None:
        """Mend everything but steps and trail.

        Returns the sources that steps cannot be made from. None: both are as they should be.
        """
        with self.mender.holding(trace) as held:
            for path in held.damage.strangers:
                self._set_aside(path, trace, report)
            if held.damage.envelope is not None:
                self._rebuild(held, held.damage.envelope, report)
                return None
            tombstone = held.damage.tombstone
            damage = held.damage
            is_needed = (damage.steps or damage.trail or damage.context) is not None
            lost = self._fill(held, report) if tombstone is None else set()
        if tombstone is not None:
            self.mender.bury(trace)
            report.mended[tombstone] = "written again"
        return lost if is_needed else None

    def _set_aside(self, path: str, trace: TraceId, report: Report) -> None:
        place = self.mender.set_aside(path, trace)
        if place is not None:
            report.mended[path] = f"moved to {place}"

    def _fill(self, held: TraceMending, report: Report) -> set[int]:
        """Put back what is lost of sources and blobs; returns the sources that stay damaged."""
        damage = held.damage
        if not (damage.sources or damage.blobs or damage.listing):
            return set()
        envelope = held.envelope()
        sources = list(envelope.header.sources)
        lost = set()
        for number, path in damage.sources.items():
            filled = held.fill(number, self._reread(sources[number]))
            report.mended[path] = _said(filled, sources[number])
            if filled.gaps or not filled.taken:
                report.left[path] = report.mended.pop(path)
                lost.add(number)
        for number, path in damage.blobs.items():
            ref = held.fill_blob(number, self._reread(sources[number]))
            if ref is None:
                report.left[path] = _lost(sources[number])
                lost.add(number)
            else:
                report.mended[path] = f"put back from {sources[number].location}"
                sources[number] = sources[number].but(blob=ref)
        if damage.listing is not None:
            report.mended[damage.listing] = "written again from the envelope"
        held.edit(envelope).commit(envelope.header.but(sources=tuple(sources)))
        return lost

    def _mend_lines(self, trace: TraceId, report: Report, lost: Collection[int]) -> None:
        """Make steps, trail and Context Tree again where one of them is damaged."""
        with self.mender.holding(trace) as held:
            envelope, damage = held.envelope(), held.damage
            said = {
                damage.steps: _AGAIN,
                damage.trail: _AGAIN_BUT_FOUND,
                damage.context: _AGAIN_BUT_REQUESTS,
            }
            paths = {path: text for path, text in said.items() if path is not None}
            if not paths:
                return
            reason = _why_not_again(envelope, lost)
            if reason is not None:
                report.left |= dict.fromkeys(paths, reason)
                return
            report.mended |= paths
            if self.dry_run:
                return
            edit = held.edit(envelope)
            has = {"has_trail": damage.trail is None, "has_context": damage.context is None}
            projected = self.reproject.write(envelope, edit, **has)
        self.reproject.remember(projected, edit.committed)

    def _rebuild(self, held: TraceMending, path: str, report: Report) -> None:
        """Make an envelope out of what it spoke of."""
        try:
            remains = held.remains(self._reread)
            projected = self.reproject.project(remains.envelope)
        except (Corrupt, NotFound) as error:
            report.left[path] = f"cannot be made again: {error}"
            return
        has_steps = self._has_same_steps(remains.envelope, projected)
        if remains.is_vouched is False and not has_steps:
            report.left[path] = "cannot be made again: its files are not those that it names"
            return
        is_proven = remains.is_vouched or has_steps
        report.mended[path] = "made again from the files beside it" + (
            "" if is_proven else "; no digest was left that proves what they hold"
        )
        if not self.dry_run:
            self._commit(held.edit(remains.envelope), remains.envelope, projected, has_steps)

    def _commit(
        self, edit: TraceEdit, envelope: Envelope, projected: Projected, has_steps: bool
    ) -> None:
        if has_steps:
            edit.commit(projected.header)
        else:
            self.reproject.write(envelope, edit)

    def _has_same_steps(self, envelope: Envelope, projected: Projected) -> bool:
        try:
            return self.reproject.has_same_steps(envelope, projected)
        except Corrupt:
            return False

    def _reread(self, kept: KeptSource | SourceRow) -> Reread:
        """Return what reads the agent's own file; of what waited in a spool there is none."""
        file = SourceFile(kept.name, kept.kind, kept.location, kept.size, "")

        def pieces(offset: int) -> Iterator[bytes]:
            if not kept.kind.is_spooled:
                with suppress(SourceUnreadable):
                    yield from self.source.read(file, offset)

        return pieces


def _why_not_again(envelope: Envelope, lost: Collection[int]) -> str | None:
    """Say why steps and trail cannot be made from the kept bytes. None: they can."""
    sources = envelope.header.sources
    if any(_is_read(sources[number]) for number in lost):
        return "cannot be made again from bytes that are lost"
    if any(kept.released for kept in sources):
        return "cannot be made again: its bytes were released"
    return None


def _is_read(kept: KeptSource) -> bool:
    """Whether steps are made from it."""
    return not kept.superseded and (kept.kind.has_steps or kept.kind is SourceKind.NOTE)


def _said(filled: Filled, kept: KeptSource) -> str:
    if filled.gaps:
        return f"{_ranges(filled.gaps)} of {_lost(kept, several=True)}"
    if not filled.taken:
        return "its envelope says another size than it has"
    anew = "; it is stored in other bytes than before" if filled.is_anew else ""
    return f"{_ranges(filled.taken)} put back from {kept.location}{anew}"


def _lost(kept: KeptSource, *, several: bool = False) -> str:
    lost = f"{kept.name} {'are' if several else 'is'} lost"
    if kept.kind.is_spooled:
        by = "hooks wrote down" if kept.kind is SourceKind.HOOKS else "the agent told"
        return f"{lost}: what {by} is nowhere else"
    return f"{lost}: {kept.location} is gone, or holds something else"


def _ranges(gaps: Iterable[Gap]) -> str:
    shown = (f"{gap.offset:,} to {gap.offset + gap.length:,}" for gap in gaps)
    return f"bytes {', '.join(shown)}"
