"""What an agent's hooks say of a session, beside its own files."""

from collections.abc import Mapping
from dataclasses import field

from opentraces.domain.ids import Digest
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class EventPlace:
    """Where an event stands among a session's events."""

    offset: int
    """Where its line begins: bytes from the start."""

    length: int
    """Bytes, the newline not counted."""


@frozen_dataclass
class ToolEvent:
    """The end of a tool call, as a hook was told of it."""

    call: str
    """The agent's id of the call; a step's tool call has the same."""

    place: EventPlace
    """Where all of it can be read: the tool's whole response, too."""

    agent_id: str | None = None
    """The sub-agent that made the call. None: the session itself."""

    agent_type: str | None = None
    """What kind of sub-agent that is. None: not said, or none."""

    duration_ms: int | None = None
    """From start to result. None: not said."""

    error: str | None = None
    """Why it failed, in the agent's words. None: it did not fail."""

    has_response: bool = False
    """Whether the event holds what the tool gave back; a failure holds none."""


@frozen_dataclass
class PermissionEvent:
    """A permission that was asked for, or refused. Never answered by us."""

    decision: str
    """`requested` or `denied`."""

    tool: str
    """The tool it was for."""

    input: Digest
    """Of the call's arguments: requests have no id of a call."""

    call: str | None = None
    """The agent's id of the call. None: it did not say."""

    mode: str | None = None
    """The agent's permission mode. None: not said."""

    reason: str | None = None
    """Why it was refused, in the agent's words. None: not said."""


@frozen_dataclass
class HookFacts:
    """All that the events of one session say."""

    events: Mapping[str, int] = field(default_factory=dict)
    """How many there are of each name."""

    bad: int = 0
    """Lines that hold no event: torn, or of another form."""

    tools: Mapping[str, ToolEvent] = field(default_factory=dict)
    """The end of each tool call, by the agent's id of the call; the last one said stands."""

    requests: int = 0
    """Requests to the model that were seen as they were sent."""

    permissions: tuple[PermissionEvent, ...] = ()
    """In the order in which they were written down."""

    transcript: str | None = None
    """Where the agent keeps the session's own lines, as last said. None: not said."""

    started: tuple[str, ...] = ()
    """Where the agent keeps the lines of sessions that this one started, in order of appearance."""

    folders: tuple[str, ...] = ()
    """Working directories, in order of appearance."""

    began: int = 0
    """When the first event was written down, in nanoseconds since 1970; 0: not said."""

    ended: int = 0
    """When the last event was written down, likewise."""

    is_midway: bool = False
    """Whether the first event tells of the end of a call: what the call did came before it."""

    commands: int = 0
    """Events that tell of a command in a shell."""

    commits: int = 0
    """Those of them that seem to make a commit, where they say what was run."""
