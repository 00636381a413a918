"""Where telemetry waits, and how it is read there; imports no models."""

from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.domain.session import Agent
from opentraces.entrypoints.settings import Settings

FOLDER = "otlp"
"""The folder of the spool in which telemetry waits, a file a session, of whatever agent."""

BODIES = "bodies"
"""The folder of the spool into which Claude Code writes what it sent and was sent."""

TELLING = (Agent.CLAUDE_CODE, Agent.CODEX_CLI)
"""The agents that tell over OTLP what they do, where they are asked to."""


def telemetry_events(settings: Settings, agent: Agent) -> FilesystemEventSpool:
    """Make the EventSpool of telemetry; whose a session is, its own files say."""
    return FilesystemEventSpool(settings.spool, settings.state, agent, FOLDER)
