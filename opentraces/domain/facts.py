"""What one source of a session says of the session as a whole, beside its steps."""

from dataclasses import field

from opentraces.domain.branching import Branching, Expense
from opentraces.domain.frozen import Frozen, JsonObject
from opentraces.domain.line_counts import LineCounts


class AgentLink(Frozen):
    """What a source knows of a sub-agent; one per sub-agent, from either side."""

    agent_id: str
    """The agent's own id for the sub-agent."""

    tool_call_id: str | None = None
    """The tool call that started it. None: this source does not say."""

    agent_type: str | None = None
    """What kind of sub-agent it is, such as `Explore`. None: not said."""

    description: str | None = None
    """The caller's few words for its task. None: not said."""


class Compaction(Frozen):
    """A point where the agent replaced its history by a summary."""

    ordinal: int
    """The step of this source that holds the boundary, from 0."""

    trigger: str | None = None
    """`manual` or `auto`, as the agent wrote it. None: not said."""

    tokens_before: int | None = None
    """Tokens of context before it. None: not said."""

    tokens_after: int | None = None
    """Tokens of context after it. None: not said."""

    parent_lost: bool = False
    """Whether the line it continues from is in none of the lines of this source."""


class CommandUse(Frozen):
    """A skill or slash command that was used."""

    name: str
    """As the agent names it, without the leading `/`."""

    kind: str
    """`skill` or `command`."""

    ordinal: int
    """The step of this source in which it was used, from 0."""


class GiantLine(Frozen):
    """A line too long to be parsed: its bytes are kept, and this says where."""

    ordinal: int
    """The step of this source that stands for it, from 0."""

    offset: int
    """Where it begins: bytes from the start of the source."""

    length: int
    """Bytes, its newline included."""


class Surroundings(Frozen):
    """The machine the session ran on, as far as the agent wrote it down."""

    os: str | None = None
    """Name and release of the operating system. None: not said."""

    platform: str | None = None
    """Its family, such as `linux` or `darwin`. None: not said."""

    shell: str | None = None
    """The shell that commands ran in. None: not said."""

    arch: str | None = None
    """The processor's architecture. None: not said."""

    is_repository: bool | None = None
    """Whether the working directory was in a Git repository. None: not said."""


class SourceFacts(Frozen):
    """What one source says of its session, beside its steps. Cumulative over the source."""

    first_moment: int | None = None
    """The first timestamp in file order, in milliseconds since 1970. None: it holds none."""

    started: str | None = None
    """The earliest timestamp, ISO 8601 as the agent wrote it. None: it holds none."""

    ended: str | None = None
    """The latest timestamp, ISO 8601 as the agent wrote it. None: it holds none."""

    given_title: str | None = None
    """The latest name that the user gave the session. None: never named."""

    agent_title: str | None = None
    """The latest title or summary that the agent gave it. None: never titled."""

    first_prompt: str | None = None
    """The first text that the user typed, at most 2,000 characters. None: nothing typed."""

    versions: tuple[str, ...] = ()
    """Releases of the agent that wrote it, in order of appearance."""

    models: tuple[str, ...] = ()
    """Models that answered, in order of appearance; synthetic answers are no model."""

    folders: tuple[str, ...] = ()
    """Working directories, in order of appearance; the first is the session's project."""

    branches: tuple[str, ...] = ()
    """Git branches, in order of appearance."""

    surroundings: Surroundings = Surroundings()
    """The machine it ran on; the first that was said."""

    lines: LineCounts = LineCounts()
    """How its complete lines were understood."""

    line_types: dict[str, int] = field(default_factory=dict)
    """Lines of each known type."""

    unknown_types: dict[str, int] = field(default_factory=dict)
    """Lines of each unknown type."""

    prompts: int = 0
    """Texts that a person typed."""

    responses: int = 0
    """Messages of a model, synthetic ones included."""

    agent_id: str | None = None
    """The sub-agent whose lines these are. None: they are the session's own."""

    links: tuple[AgentLink, ...] = ()
    """Sub-agents it mentions."""

    compactions: tuple[Compaction, ...] = ()
    """Points where history was replaced by a summary."""

    interruptions: tuple[int, ...] = ()
    """Ordinals of steps that the user cut short."""

    failures: tuple[int, ...] = ()
    """Ordinals of steps that report an error of the model's service."""

    unseen: tuple[int, ...] = ()
    """Ordinals of steps that the model was not shown."""

    commands: tuple[CommandUse, ...] = ()
    """Skills and slash commands that were used."""

    giants: tuple[GiantLine, ...] = ()
    """Lines that were too long to be parsed."""

    branching: Branching = Branching()
    """Where it branched, and which of its steps are not on the active branch."""

    expenses: tuple[Expense, ...] = ()
    """What was spent beside its steps."""

    limitations: tuple[str, ...] = ()
    """What could not be known, each a short word such as `history_only`."""

    native: JsonObject = field(default_factory=dict)
    """What only this agent has; it goes into `metadata` under the agent's name."""
