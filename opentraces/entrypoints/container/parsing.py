"""Which parser reads the sessions of which agent; imported when the first of its is read."""

from collections.abc import Callable, Mapping

from opentraces.domain.session import Agent
from opentraces.entrypoints.lazy import MadeWhenAsked, lazy
from opentraces.ports.parsing import TraceParser

_MAKERS: Mapping[Agent, Callable[[], TraceParser]] = {
    Agent.CLAUDE_CODE: lazy("opentraces.adapters.claude_code.parser:ClaudeCodeParser"),
    Agent.CODEX_CLI: lazy("opentraces.adapters.codex_cli.parser:CodexCliParser"),
    Agent.HERMES: lazy("opentraces.adapters.hermes.parser:HermesParser"),
    Agent.PI: lazy("opentraces.adapters.pi.parser:PiParser"),
}

PARSERS: Mapping[Agent, TraceParser] = MadeWhenAsked(_MAKERS)
"""One for each agent; they have no state."""
