"""Mend what is damaged in the bucket, and say what could not be mended."""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import field
from uuid import UUID

from opentraces.application.catch_up import CatchUp
from opentraces.application.repair_trace import RepairTrace
from opentraces.application.reproject_bucket import OnTrace, ReprojectBucket
from opentraces.domain.audit import Audit, Problem
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import TraceId
from opentraces.domain.mending import Mend, Repaired
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.ports.bucket import BucketKeeper
from opentraces.ports.mending import Mender

_DESCRIPTION = "bucket.json"
_ROUNDS = 4
"""So often is looked again: a blob that is stored in other bytes now is named by several traces."""

_KINDS = {
    "missing": "is missing",
    "short": "is cut short",
    "damaged": "is damaged",
    "unreadable": "cannot be read",
    "unexpected": "belongs to nothing, and cannot be moved",
}

_LATER = "is of a later release, which alone can check and mend it"

_Place = tuple[TraceId | None, str]


@mutable_dataclass
class _Said:
    """What was said of each file so far."""

    mended: dict[_Place, str] = field(default_factory=dict)
    left: dict[_Place, str] = field(default_factory=dict)
    reasons: dict[TraceId, str] = field(default_factory=dict)


@frozen_dataclass
class RepairBucket:
    """Mend what is damaged in the bucket."""

    keeper: BucketKeeper
    mender: Mender
    repair: RepairTrace
    reproject: ReprojectBucket
    names: Callable[[], Collection[str]]
    """What index and ledger say that the bucket is called."""

    catch_up: Callable[[], CatchUp]
    """Made when the bucket can say again what it is called."""

    dry_run: bool

    def execute(self, *, reproject: bool, on_trace: OnTrace = lambda done, total: None) -> Repaired:
        """Idempotent, and safe beside imports; whatever is interrupted is run again.

        Raises ForeignBucket, NewerFormat, StorageUnavailable.
        """
        with suppress(Corrupt):
            self.keeper.identify()
        said = _Said()
        if self.mender.describe(self._name()):
            said.mended[None, _DESCRIPTION] = "written again"
        if reproject:
            self.reproject.check_room()
        audit, remaining = self._mend_all(said)
        damaged = {problem.trace for problem in remaining if problem.trace is not None}
        anew = self.reproject.execute(damaged, on_trace) if reproject else None
        left = self._left(said, remaining)
        later = [problem for problem in audit.problems if problem.kind == "newer"]
        return Repaired(
            dry_run=self.dry_run,
            mended=_mends(said.mended),
            left=_mends(left),
            later=tuple(Mend(each.trace, each.path, _LATER) for each in later),
            aside=self.mender.evidence(),
            traces=audit.traces,
            files=audit.files,
            bytes=audit.bytes,
            anew=anew,
            behind=None if self.dry_run or audit.traces == 0 else self._behind(),
        )

    def _name(self) -> str | None:
        """Return what the bucket was called, where all who know it agree."""
        names = {name for name in self.names() if _is_uuid(name)}
        return names.pop() if len(names) == 1 else None

    def _mend_all(self, said: _Said) -> tuple[Audit, list[Problem]]:
        """Look and mend until looking finds nothing new; returns what is found at last."""
        tried: set[Problem] = set()
        for _ in range(_ROUNDS):
            audit, problems = self._look()
            fresh = [problem for problem in problems if problem not in tried]
            if not fresh:
                break
            tried.update(fresh)
            self._mend(fresh, said)
            if self.dry_run:
                break
        return audit, problems

    def _look(self) -> tuple[Audit, list[Problem]]:
        audit = self.keeper.verify(deep=True)
        found = [problem for problem in audit.problems if problem.kind != "newer"]
        return audit, [*found, *self.mender.headless()]

    def _mend(self, problems: Iterable[Problem], said: _Said) -> None:
        for trace in dict.fromkeys(each.trace for each in problems if each.trace is not None):
            report = self.repair.execute(trace)
            said.mended |= {(trace, path): text for path, text in report.mended.items()}
            said.left |= {(trace, path): text for path, text in report.left.items()}
            if report.reason is not None:
                said.reasons[trace] = report.reason
        for problem in problems:
            if self._may_go(problem, said):
                place = self.mender.set_aside(problem.path, None)
                if place is not None:
                    said.mended[None, problem.path] = f"moved to {place}"

    def _may_go(self, problem: Problem, said: _Said) -> bool:
        """Whether it is nobody's. A damaged blob may be that of a trace that cannot be read."""
        if problem.trace is not None or problem.path == _DESCRIPTION:
            return False
        return problem.kind == "unexpected" or not (said.left or said.reasons)

    def _left(self, said: _Said, remaining: Iterable[Problem]) -> dict[_Place, str]:
        left: dict[_Place, str] = {}
        for problem in remaining:
            place = (problem.trace, problem.path)
            if self.dry_run and place in said.mended:
                continue
            reason = said.reasons.get(problem.trace) if problem.trace else None
            text = _KINDS.get(problem.kind, problem.kind) + (f": {reason}" if reason else "")
            left.setdefault(place, said.left.get(place, text))
            said.mended.pop(place, None)
        return left

    def _behind(self) -> str | None:
        """Bring index and ledger up to date; returns why that could not be done. None: it could."""
        catch_up = self.catch_up()
        return catch_up.attempt() if catch_up.is_needed() else None


def _mends(said: dict[_Place, str]) -> tuple[Mend, ...]:
    return tuple(Mend(trace, path, text) for (trace, path), text in said.items())


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
