"""How an import begins: plain functions that import no more than it takes to find nothing new.

Most imports find nothing new; only one that does pays for the models. `keeping` calls the same
functions, so that there is one wiring.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from opentraces.adapters.claude_code.sessions import ClaudeCodeSessions
from opentraces.adapters.filesystem.bodies import FilesystemBodies
from opentraces.adapters.filesystem.bucket_file import read_bucket_id
from opentraces.adapters.filesystem.checkouts import worktrees_of
from opentraces.adapters.filesystem.cursors import FilesystemCursors
from opentraces.adapters.filesystem.enrolled import listed_folders
from opentraces.adapters.filesystem.sidecars import FilesystemSidecars
from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.adapters.filesystem.trace_ids import FilesystemKeptTraces
from opentraces.application.agent_sessions import AgentSessions
from opentraces.application.find_changes import FindChanges
from opentraces.application.live_sessions import LiveSessions
from opentraces.domain.session import Agent
from opentraces.entrypoints.container.sidecar_folders import SIDECARS
from opentraces.entrypoints.container.source_when_asked import SourceWhenAsked
from opentraces.entrypoints.container.telemetry import TELLING, telemetry_events
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.sessions import SessionSource
from opentraces.ports.spool import EventSpool

_pi_sessions = lazy("opentraces.adapters.pi.sessions:PiSessions")
_codex_cli_sessions = lazy("opentraces.adapters.codex_cli.sessions:CodexCliSessions")
_hermes_sessions = lazy("opentraces.adapters.hermes.sessions:HermesSessions")
"""Imported where the agent has a folder, or a user names one."""

_inflated = lazy("opentraces.adapters.codex_cli.inflated:inflated_pieces")
"""Imported where a session is compressed."""

_gunzipped = lazy("opentraces.adapters.hermes.inflated:inflated_pieces")
"""Imported where rows are compressed."""

_open_copy = lazy("opentraces.adapters.hermes.database:open_copy")
"""Imported where there is a database: SQLite is."""


def find_changes(settings: Settings, agent: Agent | None = None) -> FindChanges:
    """Make the use case that finds what an import has to read, of one agent or of all."""
    return FindChanges(
        source=sessions(settings, agent),
        cursors=FilesystemCursors(settings.state, read_bucket_id(settings.bucket)),
        traces=FilesystemKeptTraces(settings.bucket),
    )


def sessions(settings: Settings, agent: Agent | None = None) -> AgentSessions:
    """Make the SessionSource of all agents, or of one.

    Claude Code is asked last whose a file is: it takes any that its user names.
    Hermes' own folder is looked into only for it alone: that takes a copy of its database.
    """
    hermes_homes = settings.hermes_homes if agent is Agent.HERMES else ()
    sources: Mapping[Agent, SessionSource] = {
        Agent.HERMES: SourceWhenAsked(
            hermes_homes,
            partial(_hermes_sessions, hermes_homes, settings.passing, _gunzipped, _open_copy),
        ),
        **live_sessions(settings),
    }
    return AgentSessions({agent: sources[agent]} if agent else sources)


def live_sessions(settings: Settings) -> Mapping[Agent, LiveSessions]:
    """Make the SessionSource of each agent, which knows what its hooks wrote down, too."""
    pi, codex = settings.pi_session_dirs, settings.codex_homes
    sources: Mapping[Agent, SessionSource] = {
        Agent.PI: SourceWhenAsked(pi, partial(_pi_sessions, pi)),
        Agent.CODEX_CLI: SourceWhenAsked(codex, partial(_codex_cli_sessions, codex, _inflated)),
        Agent.CLAUDE_CODE: ClaudeCodeSessions((*settings.claude_config_dirs, settings.resumed)),
    }
    told, telemetry = spools(settings), telemetry_spools(settings)
    live = {
        agent: LiveSessions(source, told[agent], agent in SIDECARS, telemetry.get(agent))
        for agent, source in sources.items()
    }
    bodies = FilesystemBodies(partial(listed_folders, settings.state, Agent.PI), Agent.PI)
    return live | {Agent.PI: replace(live[Agent.PI], bodies=bodies.by_session)}


def spools(settings: Settings) -> Mapping[Agent, EventSpool]:
    """Make the EventSpool of each agent: the hooks of some write into the repositories."""
    state = settings.state
    sidecars = {
        agent: FilesystemSidecars(partial(listed_folders, state, agent), state, agent, folder)
        for agent, folder in SIDECARS.items()
    }
    own = FilesystemEventSpool(settings.spool, state, Agent.CLAUDE_CODE)
    return {Agent.CLAUDE_CODE: own, **sidecars}


def telemetry_spools(settings: Settings) -> Mapping[Agent, EventSpool]:
    """Make the EventSpool of what each agent told over OTLP that does."""
    return {agent: telemetry_events(settings, agent) for agent in TELLING}


def worktrees(folder: Path) -> tuple[Path, ...]:
    """Return the folders of the Git checkout around `folder`; empty outside of one."""
    return worktrees_of(folder)


import_sessions = lazy("opentraces.entrypoints.container.keeping:import_sessions")
"""Make the ImportSessions of some Settings: imported only when something changed."""

head_room = lazy("opentraces.entrypoints.container.keeping:head_room")
"""Make the HeadRoom of some Settings: imported only when something changed."""
