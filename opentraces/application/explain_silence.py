"""Say why nobody is named for lines."""

from collections.abc import Sequence

from opentraces.application.open_repository import Opened
from opentraces.application.touching import Touching
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.credit import Reason
from opentraces.domain.trail.history import BlamedLine
from opentraces.domain.trail.silence import Witness, reason_of, witness

_NOW = 2**40
"""Seconds since 1970: after all that happened."""


@frozen_dataclass
class ExplainSilence:
    """Says why nobody is named for lines, from what is kept of the files they are in."""

    touching: Touching

    def execute(self, opened: Opened, lines: Sequence[BlamedLine]) -> dict[BlamedLine, Reason]:
        """Return a reason for each line. Raises StorageUnavailable."""
        paths = {each.path for each in lines}
        witnesses: dict[str, list[Witness]] = {path: [] for path in paths}
        actions = self.touching.execute(opened, paths).actions if paths else ()
        for action in actions:
            if action.operation == "read":
                continue
            told = witness(action, is_command=action.patch is None)
            for path in {action.path, action.moved_from} & paths:
                witnesses[path or ""].append(told)
        return {
            each: reason_of(
                each.text.encode("utf-8", "replace"),
                each.authored if each.commit else _NOW,
                each.committed if each.commit else _NOW,
                witnesses[each.path],
            )
            for each in lines
        }
