"""What came of an `init`, for its text and its JSON."""

from collections.abc import Mapping

from opentraces.application.enrol import Enrolled
from opentraces.application.imported import Imported
from opentraces.domain.setup import HooksFound
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Begun:
    """A repository whose capture has begun."""

    enrolled: Enrolled
    """What was enrolled."""

    hooks: Mapping[str, HooksFound]
    """Our hooks, by agent, of each agent that was asked for."""

    imported: Imported | None
    """What was kept of the sessions that were there. None: nobody asked for it."""

    not_kept: int
    """How many sessions of this repository are not kept, or have changed since."""


def of_interest(hooks: Mapping[str, HooksFound]) -> Mapping[str, HooksFound]:
    """Leave out agents that nobody uses on this machine; where none is used, none is left out."""
    used = {agent: found for agent, found in hooks.items() if found.agent_is_there}
    return used or hooks


def reach_us(hooks: HooksFound) -> bool:
    """Whether what an agent does will be written down where this command looks for it."""
    is_whole = hooks.is_installed and not hooks.missing and hooks.script_is_ours
    is_run = hooks.interpreter_is_there and not hooks.is_switched_off
    return is_whole and is_run and hooks.is_for_us
