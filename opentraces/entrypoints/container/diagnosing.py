"""How a look at the installation is wired."""

import platform
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from opentraces import __version__
from opentraces.adapters.claude_code.retention import ClaudeCodeRetention
from opentraces.adapters.claude_code.sessions import ClaudeCodeSessions
from opentraces.adapters.codex_cli.trust import CodexHookTrust
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.privacy import FilesystemPrivacy
from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.adapters.filesystem.trace_ids import FilesystemKeptTraces
from opentraces.application.diagnosing.bucket import BucketChecker
from opentraces.application.diagnosing.checker import Checker
from opentraces.application.diagnosing.diagnose import Diagnose
from opentraces.application.diagnosing.enrolments import EnrolmentsChecker
from opentraces.application.diagnosing.formats import FormatsChecker
from opentraces.application.diagnosing.git_hooks import GitHooksChecker
from opentraces.application.diagnosing.hooks import Firings, HooksChecker
from opentraces.application.diagnosing.index import IndexChecker
from opentraces.application.diagnosing.medium import MediumChecker
from opentraces.application.diagnosing.privacy import PrivacyChecker
from opentraces.application.diagnosing.program import ProgramChecker
from opentraces.application.diagnosing.sessions import SessionsChecker
from opentraces.application.diagnosing.spool import SpoolChecker
from opentraces.application.diagnosing.telemetry import TelemetryChecker
from opentraces.application.diagnosing.trust import TrustChecker
from opentraces.application.diagnosing.work import WorkChecker
from opentraces.domain.session import Agent
from opentraces.entrypoints.container.catching_up import catch_up
from opentraces.entrypoints.container.enrolling import enrolments
from opentraces.entrypoints.container.git_hooks import each_git_hooks_setup
from opentraces.entrypoints.container.importing import sessions, spools
from opentraces.entrypoints.container.ingesting import work_log
from opentraces.entrypoints.container.keeping import keeper
from opentraces.entrypoints.container.keeping_events import ingest_all
from opentraces.entrypoints.container.media import medium
from opentraces.entrypoints.container.overviewing import overview
from opentraces.entrypoints.container.receiving import receiver
from opentraces.entrypoints.container.setting_up import agent_setups
from opentraces.entrypoints.container.sidecar_folders import SIDECARS
from opentraces.entrypoints.container.telemetry_setup import telemetry_setup
from opentraces.entrypoints.container.writing import writer
from opentraces.entrypoints.settings import Settings

_PROJECTS = "projects"
"""The folder of Claude Code's that holds sessions."""

_ROLLOUTS = ("sessions", "archived_sessions")
"""The folders of Codex's that do."""


def diagnose(settings: Settings, *, deep: bool) -> Diagnose:
    """Make the use case that looks at everything; `deep`: every byte of the index, too."""
    looks: tuple[tuple[str, Callable[[Settings], Checker]], ...] = (
        ("bucket", _bucket),
        ("index", partial(_index, deep=deep)),
        (Agent.CLAUDE_CODE, partial(_hooks, Agent.CLAUDE_CODE)),
        (Agent.CLAUDE_CODE, _sessions),
        (Agent.CODEX_CLI, partial(_hooks, Agent.CODEX_CLI)),
        (Agent.CODEX_CLI, _codex_trust),
        *(
            ((Agent.CODEX_CLI, partial(_imported_sessions, Agent.CODEX_CLI)),)
            if settings.codex_homes
            else ()
        ),
        (Agent.PI, partial(_hooks, Agent.PI)),
        *(((Agent.PI, partial(_imported_sessions, Agent.PI)),) if settings.pi_session_dirs else ()),
        ("git", _git_hooks),
        ("telemetry", _telemetry),
        ("projects", _enrolments),
        ("events", _events),
        ("worker", _work),
        ("formats", _formats),
        ("privacy", _privacy),
        ("home", _medium),
        ("program", _program),
    )
    return Diagnose(tuple((topic, partial(look, settings)) for topic, look in looks))


def _medium(settings: Settings) -> MediumChecker:
    return MediumChecker(str(settings.home), medium(settings))


def _bucket(settings: Settings) -> BucketChecker:
    return BucketChecker(keeper(settings))


def _index(settings: Settings, *, deep: bool) -> IndexChecker:
    return IndexChecker(catch_up(settings, settings.index_wait_seconds), deep)


def _hooks(agent: Agent, settings: Settings) -> HooksChecker:
    return HooksChecker(
        agent=agent.value,
        home=str(settings.home),
        setup=agent_setups(settings)[agent],
        enrolments=enrolments(settings),
        firings=Firings(spools(settings)[agent], work_log(settings), SystemClock()),
        left_in=partial(_left_in, agent),
    )


def _left_in(agent: Agent, home: str) -> int | None:
    folder = Path(home)
    if not folder.is_dir():
        return None
    return len(FilesystemEventSpool(folder / "spool", folder / "state", agent).waiting())


def _codex_trust(settings: Settings) -> TrustChecker:
    agent = Agent.CODEX_CLI.value
    trust = CodexHookTrust(settings.codex_home, settings.user, settings.search_path)
    return TrustChecker(agent, "codex", agent_setups(settings)[agent], trust)


def _sessions(settings: Settings) -> SessionsChecker:
    return SessionsChecker(
        agent=Agent.CLAUDE_CODE,
        source=ClaudeCodeSessions(settings.claude_config_dirs),
        kept=FilesystemKeptTraces(settings.bucket),
        is_deleted=writer(settings).is_deleted,
        retention=ClaudeCodeRetention(settings.claude_config_dirs),
        clock=SystemClock(),
    )


def _imported_sessions(agent: Agent, settings: Settings) -> SessionsChecker:
    return SessionsChecker(
        agent=agent,
        source=sessions(settings, agent),
        kept=FilesystemKeptTraces(settings.bucket),
        is_deleted=writer(settings).is_deleted,
        retention=None,
        clock=SystemClock(),
    )


def _git_hooks(settings: Settings) -> GitHooksChecker:
    return GitHooksChecker(partial(each_git_hooks_setup, settings), FilesystemCheckouts())


def _telemetry(settings: Settings) -> TelemetryChecker:
    return TelemetryChecker(telemetry_setup(settings), receiver(settings))


def _enrolments(settings: Settings) -> EnrolmentsChecker:
    agents = tuple(agent_setups(settings))
    return EnrolmentsChecker(enrolments(settings), FilesystemCheckouts(), agents)


def _events(settings: Settings) -> SpoolChecker:
    return SpoolChecker(
        tuple(spools(settings).values()),
        SystemClock(),
        frozenset(SIDECARS),
        partial(ingest_all, settings),
    )


def _work(settings: Settings) -> WorkChecker:
    return WorkChecker(work_log(settings), SystemClock())


def _formats(settings: Settings) -> FormatsChecker:
    return FormatsChecker(overview(settings))


def _privacy(settings: Settings) -> PrivacyChecker:
    folders = [folder / _PROJECTS for folder in settings.claude_config_dirs]
    folders += [folder / each for folder in settings.codex_homes for each in _ROLLOUTS]
    folders += settings.pi_session_dirs
    return PrivacyChecker(FilesystemPrivacy(settings.home, tuple(folders)))


def _program(settings: Settings) -> ProgramChecker:
    python, interpreter = platform.python_version(), sys.executable
    return ProgramChecker(__version__, python, interpreter, str(settings.home))
