"""A step: one message in, or one answer of the model with the tools it called."""

from dataclasses import field
from typing import Literal

from opentraces.domain.frozen import Frozen, JsonObject
from opentraces.domain.ids import NodeId

Role = Literal["system", "user", "agent"]
"""Who speaks: the agent's program, the person (or whoever types for them), the model."""

CallType = Literal["main", "subagent", "warmup"]
"""Why the model was called: the session's own work, a helper's, or only to fill a cache."""


NO_RESULT = "no_result"
"""The error of an observation that stands for an answer that the session does not hold."""


class TokenUsage(Frozen):
    """What one API response cost, in tokens. Every token is counted in one field only."""

    input_tokens: int = 0
    """Prompt tokens computed anew. Excludes cache reads and writes, for every agent: where one
    reports a prompt total with the cached part inside, its adapter subtracts."""

    output_tokens: int = 0
    """Tokens the model wrote, its thinking included."""

    cache_read_tokens: int = 0
    """Prompt tokens the provider found in its cache."""

    cache_write_tokens: int = 0
    """Prompt tokens the provider computed and put into its cache."""

    prefix_reuse_tokens: int = 0
    """Prompt tokens an agent reports as reused by a common prefix, apart from a billed cache; 0
    for every agent that does not tell the two apart."""

    def __add__(self, other: "TokenUsage") -> "TokenUsage":
        """Add field by field; `TokenUsage()` is the zero."""
        return TokenUsage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
            prefix_reuse_tokens=self.prefix_reuse_tokens + other.prefix_reuse_tokens,
        )


class ToolCall(Frozen):
    """The model asked for a tool to be run."""

    tool_call_id: str
    """The provider's id of the call, as the agent wrote it; observations and patches name it."""

    tool_name: str
    """The tool as the agent calls it: `Edit`, `exec_command`, `mcp__server__tool`."""

    input: JsonObject = field(default_factory=dict)
    """The arguments as the model gave them; a tool that takes bare text has it under one key that
    its adapter documents."""

    duration_ms: int | None = None
    """Milliseconds from start to result, as the agent measured it; None: it did not say."""


class Observation(Frozen):
    """What came back from a tool call."""

    source_call_id: str
    """The `tool_call_id` that this answers; it may stand in an earlier step."""

    content: str | None = None
    """The result as the model was shown it, blocks of text joined by newlines; None: no text came
    back (an image, a spilled file, no result)."""

    output_summary: str | None = None
    """A preview of one line, for lists; derived from the result. None: none was made."""

    error: str | None = None
    """Why the call failed, in the agent's words, or `NO_RESULT` where the session holds no answer
    to it; None: the agent did not call it a failure."""


class Snippet(Frozen):
    """A piece of a file that the session shows, at a known place."""

    file_path: str
    """The file, as the tool call or the answer names it."""

    start_line: int | None = None
    """First line, from 1; None: the place in the file is unknown."""

    end_line: int | None = None
    """Last line, included; None: the place in the file is unknown."""

    language: str | None = None
    """Lower-case name of the language, from the file's suffix or the fence; None: neither told."""

    text: str | None = None
    """The lines themselves; None: only the place is known."""

    source_step: int | None = None
    """`step_index` of the step that showed it; None: the step it hangs on."""


class Step(Frozen):
    """One message to the model, or one call of it: what it thought, said, ran and was told.

    Results of tools are observations of the step that called, not steps of their own.
    """

    step_index: int
    """Place in the trace, from 1, in the order of the source; `<trace>:N` addresses it."""

    role: Role
    """Who speaks in this step."""

    content: str | None = None
    """What was said, blocks of text joined by newlines; None: nothing (only tools or thinking)."""

    reasoning_content: str | None = None
    """The model's thinking, readable part; None: none, or the agent kept only a sealed form."""

    model: str | None = None
    """The model that answered, as the agent names it; None: no model did, or it is not named."""

    system_prompt_hash: str | None = None
    """Key into `TraceRecord.system_prompts`; None: the system prompt of this call is unknown."""

    agent_role: str | None = None
    """`main`, or the kind of helper (`explore`, `plan`, a name the user chose); None: not said."""

    parent_step: int | None = None
    """`step_index` of the step that this one hangs under: the call that started the helper, or the
    message a side branch leaves from; None: it follows the step before it."""

    call_type: CallType | None = None
    """Why the model was called; None: this step is no call of the model."""

    subagent_trajectory_ref: str | None = None
    """Native id of the helper's own session, started here; None: none was started, or its steps
    are in this trace."""

    tools_available: tuple[str, ...] = ()
    """Names of the tools the model could call; empty: unknown, or as in the step before."""

    tool_calls: tuple[ToolCall, ...] = ()
    """What the model asked for, in its order."""

    observations: tuple[Observation, ...] = ()
    """What came back, in the order it came; a call may have none, or several."""

    snippets: tuple[Snippet, ...] = ()
    """Pieces of files shown by this step's answer or results; derived."""

    token_usage: TokenUsage = TokenUsage()
    """What the API response cost. All zero: no model was called, nothing was reported, or the
    response is counted in another step or trace (each counts once)."""

    timestamp: str | None = None
    """When, as ISO 8601 text exactly as the agent wrote it; None: the agent wrote no time."""

    context_node_id: NodeId | None = None
    """The node of the Context Tree that the model saw at this step; None: no node was made."""

    def numbered(self, index: int) -> "Step":
        """Return the same step with its place in the trace."""
        return self.but(step_index=index)
