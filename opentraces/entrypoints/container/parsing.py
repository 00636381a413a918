"""Which parser reads the sessions of which agent."""

from collections.abc import Mapping

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.codex_cli.parser import CodexCliParser
from opentraces.adapters.hermes.parser import HermesParser
from opentraces.adapters.pi.parser import PiParser
from opentraces.domain.session import Agent
from opentraces.ports.parsing import TraceParser

PARSERS: Mapping[Agent, TraceParser] = {
    Agent.CLAUDE_CODE: ClaudeCodeParser(),
    Agent.CODEX_CLI: CodexCliParser(),
    Agent.HERMES: HermesParser(),
    Agent.PI: PiParser(),
}
"""One for each agent; they have no state."""
