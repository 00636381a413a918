"""Say what is installed, what is kept, and what is wrong with it."""

from collections.abc import Callable, Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.errors import OpentracesError
from opentraces.domain.health import Check, Level, check_of
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Diagnosis:
    """What was found."""

    checks: tuple[Check, ...]
    """In the order of the checkers, then what could not be mended."""

    mended: tuple[str, ...] = ()
    """What was put right before, in words."""

    def at(self, level: Level) -> int:
        """Return how many things are at a level."""
        return sum(check.level is level for check in self.checks)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; there may be something to look at."""
        return not self.at(Level.FAIL)


@frozen_dataclass
class Diagnose:
    """Look at everything; nothing that is wrong with one thing keeps it from the others."""

    checkers: tuple[tuple[str, Callable[[], Checker]], ...]
    """What makes each checker, with the topic of its errors: to make it may already fail.

    One stands on those before it, so they are mended from the last to the first.
    """

    def execute(self, *, mend: bool) -> Diagnosis:
        """Never raises an OpentracesError. Changes nothing unless it is to mend."""
        failed: list[Check] = []
        mended = tuple(self._mend(failed)) if mend else ()
        return Diagnosis(tuple(_once([*self._checks(), *failed])), mended)

    def _mend(self, failed: list[Check]) -> Iterator[str]:
        for topic, make in reversed(self.checkers):
            try:
                yield from make().mend()
            except OpentracesError as error:
                failed.append(check_of(topic, error))

    def _checks(self) -> Iterator[Check]:
        for topic, make in self.checkers:
            try:
                yield from make().checks()
            except OpentracesError as error:
                yield check_of(topic, error)


def _once(checks: list[Check]) -> Iterator[Check]:
    """Leave out what was said before: one fault may stop several looks, and its mending."""
    said: set[str] = set()
    for check in checks:
        if check.level is Level.OK or check.text not in said:
            yield check
        said.add(check.text)
