"""Whether a command makes a commit."""

import re

from opentraces.domain.dependencies.installing import commands_of
from opentraces.domain.step import Step

_PARTS = re.compile(r"[;&|\n]")
_GIT = re.compile(r"\bgit\s")
_COMMIT = re.compile(r"\scommit\b")
_LONGEST = 64 * 1024


def is_commit(command: str) -> bool:
    """Whether a command line seems to run `git commit`: what that made, Git itself tells."""
    return any(_is_commit(part) for part in _PARTS.split(command[:_LONGEST]))


def has_committed(step: Step) -> bool:
    """Whether one of a step's calls seems to."""
    return any(is_commit(command) for call in step.tool_calls for command in commands_of(call))


def _is_commit(part: str) -> bool:
    git = _GIT.search(part)
    return git is not None and _COMMIT.search(part, git.end() - 1) is not None
