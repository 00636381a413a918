"""A trace: one agent session, kept. Its wire form is opentraces-schema 0.9.0."""

from dataclasses import field
from typing import Annotated, Literal

from opentraces.domain.attribution import Attribution
from opentraces.domain.environment import Environment
from opentraces.domain.field_bounds import Between
from opentraces.domain.frozen import Frozen, JsonObject
from opentraces.domain.ids import SessionId, TraceId
from opentraces.domain.outcome import Outcome
from opentraces.domain.patch import GitLink, Patch
from opentraces.domain.step import Step

SCHEMA_VERSION = "0.9.0"
"""The release of the public schema whose keys and shapes these models have, all and only."""

ExecutionContext = Literal["devtime", "runtime"]
"""Whether the agent made code, or acted in an environment that is not code."""

Lifecycle = Literal["provisional", "final"]
"""Whether the trace is tied to a revision yet."""


class Task(Frozen):
    """What was asked for, and where."""

    description: str | None = None
    """The first prompt that was typed, head of it; None: nobody typed one."""

    source: str | None = None
    """How it was asked: `user_prompt`, `cli_arg`, `skill`; None: unknown."""

    repository: str | None = None
    """`owner/repo`, from the remote's address; None: no remote, or not of that form."""

    repository_url: str | None = None
    """The remote's address, without credentials; None: no remote, or unknown."""

    base_commit: str | None = None
    """Full id of the commit the work started from; None: not recorded at the time."""


class AgentInfo(Frozen):
    """The program whose session this is."""

    name: str
    """Our name for it: `claude-code`, `codex-cli`, `pi`, `hermes`."""

    version: str | None = None
    """Its version as it wrote it, the latest where it was updated midway; None: not written."""

    model: str | None = None
    """`provider/model` of the model that answered most; None: no model did, or none is named."""


class Metrics(Frozen):
    """Sums over the steps. Each API response counts once, copies and replays not at all."""

    total_steps: int = 0
    """Number of steps."""

    total_input_tokens: int = 0
    """Prompt tokens computed anew. Excludes cache reads and writes, for every agent, so the whole
    prompt side is this, `total_cache_read_tokens` and `total_cache_creation_tokens` together."""

    total_output_tokens: int = 0
    """Tokens the models wrote."""

    total_cache_read_tokens: int = 0
    """Prompt tokens found in the provider's cache."""

    total_cache_creation_tokens: int = 0
    """Prompt tokens computed and put into the provider's cache."""

    total_duration_s: float | None = None
    """Seconds from the first to the last time in the session; None: fewer than two times."""

    cache_hit_rate: Annotated[float, Between(0.0, 1.0)] | None = None
    """Cache reads over the whole prompt side, 0 to 1; None: no prompt token was reported."""

    estimated_cost_usd: float | None = None
    """US dollars at list prices; None: a model's price, or a response's usage, is unknown."""


class SecurityState(Frozen):
    """What was done to this copy of the record to take secrets out."""

    scanned: bool = False
    """Whether detectors were run over it."""

    flags_reviewed: int = 0
    """Number of findings a person has decided on."""

    redactions_applied: int = 0
    """Number of places replaced."""

    classifier_version: str | None = None
    """Version of the classifier that judged it; None: none was run."""


class TraceRecord(Frozen):
    """One agent session: who, where, every step, what changed, what came of it.

    Pure content: no time and no chance of the run that assembled it, so the same sources give the
    same bytes. What the schema has no key for is in `metadata`.
    """

    schema_version: str = SCHEMA_VERSION
    """The release of the public schema that the record is written in."""

    trace_id: TraceId
    """Our name for the session: derived from the agent's name and `session_id`."""

    session_id: SessionId
    """The agent's own name for the session, as the agent wrote it."""

    content_hash: str | None = None
    """`ids.content_hash` of the wire form: 64 hex digits over all but this and `trace_id`; None:
    not assembled yet."""

    timestamp_start: str | None = None
    """The session's first time, as ISO 8601 text exactly as the agent wrote it; None: it wrote
    none."""

    timestamp_end: str | None = None
    """The session's last time, as ISO 8601 text exactly as the agent wrote it; None: it wrote
    none."""

    execution_context: ExecutionContext | None = None
    """What kind of work it was; None: not known."""

    task: Task = Task()
    """What was asked for."""

    agent: AgentInfo
    """Whose session it is."""

    environment: Environment = Environment()
    """Where it ran."""

    system_prompts: dict[str, str] = field(default_factory=dict)
    """Every system prompt the model was given, whole, by `Step.system_prompt_hash`."""

    tool_definitions: tuple[JsonObject, ...] = ()
    """The tools as the model was told of them, in the provider's form; empty: not captured."""

    steps: tuple[Step, ...] = ()
    """What was said and done on the active branch, in order, helpers included. Steps of branches
    that were left are in `metadata`, under the agent's name: their numbers are missing here."""

    outcome: Outcome = Outcome()
    """What became of it."""

    dependencies: tuple[str, ...] = ()
    """Names of packages that the project declares or the session installed, sorted."""

    metrics: Metrics = Metrics()
    """Sums over the steps."""

    security: SecurityState = SecurityState()
    """What was done to this copy to take secrets out."""

    attribution: Attribution | None = None
    """The lines it wrote; None: not derived."""

    lifecycle: Lifecycle = "provisional"
    """`final` once an anchor ties it to a revision."""

    generation_index: Annotated[int, Between(0)] = 0
    """How often the agent rewrote the session's file, from 0; growth does not count. Of several
    records of one session the highest holds: they replace, never continue, each other."""

    patches: tuple[Patch, ...] = ()
    """Every change to a file, in the order they were made."""

    git_links: tuple[GitLink, ...] = ()
    """The commits it had a part in; derived from the anchors of `patches`."""

    context_tree_summary: JsonObject = field(default_factory=dict)
    """Counts and gaps of the Context Tree: `node_count`, `layer_count`, `active_path_leaf_id`,
    `capture_limitations`; empty: no tree was made."""

    metadata: JsonObject = field(default_factory=dict)
    """All else: what an adapter found, counted or missed, under keys that are ours."""
