"""Whether workers do their work."""

from collections.abc import Iterator
from datetime import timedelta

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import ago
from opentraces.domain.health import Check, Level
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.clock import Clock
from opentraces.ports.work_log import WorkLog

_TOPIC = "worker"
_LONG_AGO = timedelta(days=7)
_LONGEST = 300


@frozen_dataclass
class WorkChecker(Checker):
    """Looks at what the workers that hooks start say of themselves."""

    log: WorkLog
    clock: Clock

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        now = self.clock.now()
        failure = self.log.last_failure()
        if failure is not None and now - failure.at < _LONG_AGO:
            text = f"one failed {ago(failure.at, now)}: {failure.said[:_LONGEST]}"
            yield Check(_TOPIC, Level.WARN, text, "opentraces ingest")
            return
        written = self.log.written()
        if written is None:
            yield Check(_TOPIC, Level.OK, "none was ever started")
        else:
            text = f"none failed in the last {_LONG_AGO.days} days, the last worked"
            yield Check(_TOPIC, Level.OK, f"{text} {ago(written, now)}")
