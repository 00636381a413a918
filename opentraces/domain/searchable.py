"""What can be found of steps and traces."""

from collections.abc import Mapping

from opentraces.domain.ids import SessionId, StepKey, TraceId
from opentraces.domain.search import Place
from opentraces.domain.slotted import frozen_dataclass

_NO_KEY = StepKey("0" * 16)


@frozen_dataclass
class StepDocument:
    """What can be found of one step."""

    trace: TraceId
    """Its trace."""

    step: int
    """Its number, from 1."""

    moment: int
    """Milliseconds since 1970; 0: unknown."""

    texts: Mapping[Place, str]
    """What it says, by place; places without text are absent."""

    tools: tuple[str, ...]
    """Names of the tools it calls."""

    files: tuple[str, ...]
    """Paths its tool calls name."""

    model: str | None
    """The model that answered. None: none did."""

    error: bool
    """Whether it holds a failed tool call or an error of the model's service."""

    role: str = "agent"
    """Who speaks: `user`, `agent` or `system`."""

    commands: tuple[str, ...] = ()
    """Command lines that its tool calls ran."""

    deps: tuple[str, ...] = ()
    """Packages that its tool calls installed, or wrote into a manifest."""

    skills: tuple[str, ...] = ()
    """Names of the skills and slash commands it used."""

    names: tuple[str, ...] = ()
    """Names of code in its texts, as `identifiers.rows_of` gives them."""

    key: StepKey = _NO_KEY
    """What the agent calls it: equal in every copy of the step."""

    tokens: int = 0
    """Tokens of its response, of every kind."""

    cost: int | None = 0
    """Millionths of a US dollar that its response cost. None: not known."""


@frozen_dataclass
class TraceDocument:
    """What can be found of a trace as a whole."""

    trace: TraceId
    """Which."""

    commit: int
    """The commit of its envelope that this describes."""

    generation: int
    """Of its steps: when it differs, all of them are indexed anew."""

    steps_length: int
    """Bytes of its steps file that are indexed."""

    agent: str
    """Whose session."""

    session: SessionId
    """The agent's own id for it."""

    project: str
    """Name and path of the folder it began in; empty: not known."""

    title: str
    """Its title; empty: it has none."""

    started: int
    """Milliseconds since 1970; 0: unknown."""

    ended: int
    """Milliseconds since 1970; 0: unknown."""

    repo: str = ""
    """Where its repository was cloned from, such as `github.com/acme/widgets`; empty: not known."""

    branches: tuple[str, ...] = ()
    """Git branches it was on."""

    has: tuple[str, ...] = ()
    """What it has, of `patch`, `commit`, `compaction` and `subagent`; `error` its steps tell."""

    commits: tuple[tuple[str, str], ...] = ()
    """Commits that hold what it wrote: full id, and the first line of the message or nothing."""

    deps: tuple[str, ...] = ()
    """Packages that its project asked for when it began."""

    names: tuple[str, ...] = ()
    """Names of code in its title and its commits' messages, as `identifiers.rows_of` gives them."""

    replays: tuple[StepKey, ...] = ()
    """Steps that belong to another trace, and cost nothing here."""

    tokens: int = 0
    """Tokens that were spent beside its steps."""

    cost: int | None = 0
    """Millionths of a US dollar that were spent beside its steps. None: not known."""

    @property
    def place(self) -> str:
        """Return the name of the folder it began in; empty: not known."""
        return self.project.rstrip("/").rpartition("/")[2] or self.project
