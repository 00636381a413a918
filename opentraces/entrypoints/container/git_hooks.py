"""How the hooks of repositories are wired."""

import os
from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.adapters.git.hooks_setup import (
    EveryGitHooksSetup,
    GitHooksSetup,
    git_hooks_setups,
)
from opentraces.adapters.git.users_git import UsersGit
from opentraces.domain.errors import BadRequest
from opentraces.entrypoints.settings import Settings
from opentraces.ports.agent_setup import AgentSetup


def git_hooks_setup(settings: Settings, folder: Path) -> GitHooksSetup:
    """Make the AgentSetup of the repository around a folder. Raises BadRequest: there is none."""
    seen = FilesystemCheckouts().around(os.fspath(folder))
    if seen.own.repository is None:
        raise BadRequest(f"{folder} is in no Git repository → run it in one")
    if not seen.is_ours:
        raise BadRequest(f"{seen.own.path} belongs to another user")
    return GitHooksSetup(seen.own, settings.home, _git(settings))


def every_git_hooks_setup(settings: Settings) -> EveryGitHooksSetup:
    """Make the AgentSetup of all repositories whose hooks were set up."""
    return EveryGitHooksSetup(settings.home, _git(settings))


def each_git_hooks_setup(settings: Settings) -> Iterator[tuple[str, AgentSetup]]:
    """Yield the AgentSetup of each repository whose hooks were set up, with its checkout."""
    yield from git_hooks_setups(settings.home, _git(settings))


def _git(settings: Settings) -> UsersGit:
    return UsersGit(settings.search_path, settings.git_environment)
