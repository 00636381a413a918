"""History that a session has from another one: which lines of a file are copies.

A fork or a clone begins with entries of its parent, as they stood there: they are older than its
own first line. Its own follow them, so that the first one that is no older ends the copies, and a
clock that is set back later makes no copy of a line.
"""

import re
from typing import Any

from opentraces.adapters._reading.values import name
from opentraces.adapters.pi.naming import session_of
from opentraces.domain.ids import SessionId, trace_id
from opentraces.domain.moments import milliseconds
from opentraces.domain.session import Agent
from opentraces.domain.slotted import mutable_dataclass

UNTOLD = "copied_history_untold"
"""The limitation of a session whose copied lines cannot be told from its own: no time is known."""

_SEPARATOR = re.compile(r"[/\\]")


@mutable_dataclass
class Copied:
    """What is known of it; every field is a value that JSON can hold."""

    begun: int | None = None
    is_inherited: bool = False

    def begin(self, header: dict[str, Any]) -> bool:
        """Take the first line; False: there may be copies, and they cannot be told."""
        has_parent = parent_of(header) is not None
        self.begun = milliseconds(name(header.get("timestamp")))
        self.is_inherited = has_parent and self.begun is not None
        return not has_parent or self.begun is not None

    def covers(self, stamp: Any) -> bool:
        """Take the time of the next entry; say whether it is a copy."""
        if not self.is_inherited or self.begun is None:
            return False
        moment = milliseconds(stamp) if type(stamp) is str else None
        self.is_inherited = moment is None or moment < self.begun
        return self.is_inherited


def parent_of(header: dict[str, Any]) -> str | None:
    """Return the file of the session that a session was made from. None: it has no parent."""
    return name(header.get("parentSession")) or name(header.get("branchedFrom"))


def said_of_parent(header: dict[str, Any]) -> dict[str, str]:
    """Return what a session's first line says of its parent, whose file's name tells its id."""
    file = parent_of(header)
    if file is None:
        return {}
    session = session_of(_SEPARATOR.split(file)[-1])
    if session is None:
        return {"parent_file": file}
    return {
        "parent_file": file,
        "parent_session_id": session,
        "parent_trace_id": trace_id(Agent.PI.value, SessionId(session)),
    }
