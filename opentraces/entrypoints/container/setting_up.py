"""How the setup of agents is wired: plain functions that import no models."""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from opentraces.adapters.claude_code import setup as claude_code
from opentraces.adapters.codex_cli import setup as codex_cli
from opentraces.adapters.hooks_file.agent_setup import HooksFileSetup
from opentraces.adapters.hooks_file.package_setup import PackageSetup
from opentraces.adapters.pi import setup as pi
from opentraces.application.set_up_agent import SetUpAgent
from opentraces.application.set_up_git import SetUpGit
from opentraces.domain.session import Agent
from opentraces.domain.setup import AgentHooks, AgentPackage
from opentraces.entrypoints import hooks
from opentraces.entrypoints.container.enrolling import enrolments
from opentraces.entrypoints.container.telemetry_setup import telemetry_setup
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.agent_setup import AgentSetup

_pi_packages = lazy("opentraces.adapters.pi.packages:PiPackages")
"""Imported when its list is changed: starting processes takes longer to import than the rest."""

_git_hooks = lazy("opentraces.entrypoints.container.git_hooks:git_hooks_setup")
_every_git_hooks = lazy("opentraces.entrypoints.container.git_hooks:every_git_hooks_setup")
"""Likewise."""

GIT = "git"
"""The name under which the hooks of repositories are set up, as if Git were an agent."""


TELEMETRY = "capture-otlp"
"""The name under which it is set up that Claude Code tells our receiver what it does."""


def agent_setups(settings: Settings) -> Mapping[str, AgentSetup]:
    """Make the AgentSetup of each agent, by its name."""
    return {
        Agent.CLAUDE_CODE.value: _setup(settings, claude_code.HOOKS, settings.claude_config_dir),
        Agent.CODEX_CLI.value: _setup(settings, codex_cli.HOOKS, settings.codex_home),
        Agent.PI.value: _package_setup(settings, pi.PACKAGE, settings.pi_agent_dir),
    }


def all_setups(settings: Settings) -> Mapping[str, AgentSetup]:
    """Make the AgentSetup of each agent, of all repositories, and of telemetry, by its name."""
    return {
        **agent_setups(settings),
        GIT: _every_git_hooks(settings),
        TELEMETRY: telemetry_setup(settings),
    }


def set_up_agent(settings: Settings, agent: str, folder: Path) -> SetUpAgent | SetUpGit:
    """Make the use case that sets an agent up, or Git in the repository around a folder.

    Raises BadRequest: there is none around it.
    """
    if agent == GIT:
        return SetUpGit(SetUpAgent(_git_hooks(settings, folder)), enrolments(settings))
    return SetUpAgent(agent_setups(settings)[agent])


def _setup(settings: Settings, agent: AgentHooks, folder: Path) -> AgentSetup:
    return HooksFileSetup(
        hooks=agent,
        config_folder=folder,
        home=settings.home,
        python=Path(sys.executable),
        script=Path(hooks.__path__[0], agent.script).read_bytes(),
    )


def _package_setup(settings: Settings, package: AgentPackage, folder: Path) -> AgentSetup:
    return PackageSetup(
        package=package,
        config_folder=folder,
        home=settings.home,
        python=Path(sys.executable),
        contents=pi.package_files(Path(hooks.__path__[0], package.name)),
        manager=partial(_pi_packages, folder, settings.user, settings.search_path),
    )
