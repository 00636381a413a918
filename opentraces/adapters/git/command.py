"""The `git` command, disarmed.

A repository's own configuration names programs that Git runs: file watchers, hooks, helpers that
fetch what is missing. The command line outweighs some of them, the environment the others, and
nothing of the environment we are run in is handed on.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace

from opentraces.adapters.git.conversation import TOO_SLOW as TOO_SLOW
from opentraces.adapters.git.conversation import Conversation
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.slotted import frozen_dataclass

_GIT = (
    "git",
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "advice.graftFileDeprecated=false",
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
NOT_INSTALLED = "git is not installed"


@frozen_dataclass
class Answer:
    """What a command came to."""

    output: bytes | None
    """Its standard output; of `ask`, without white space around it. None: it failed."""

    said: str = ""
    """Its standard error, or why it could not be run."""


class GitCommand:
    """Runs `git` in a checkout; never fetches, and never asks."""

    def __init__(self, search_path: str, seconds: float = 10.0) -> None:
        """`search_path`: where the command is looked for; relative folders in it are passed over.

        A relative one would be a folder of the repository's, and so would be an empty path.
        """
        folders = [folder for folder in search_path.split(os.pathsep) if folder.startswith("/")]
        self._environment = {**_ENVIRONMENT, "PATH": os.pathsep.join(folders) or os.defpath}
        self._seconds = seconds

    def ask(self, checkout: str, *arguments: str) -> Answer:
        """Run a command in a checkout, and in no repository around it."""
        answer = self.run(checkout, arguments)
        return replace(answer, output=None if answer.output is None else answer.output.strip())

    def run(
        self, folder: str, arguments: Sequence[str], within: Mapping[str, str] | None = None
    ) -> Answer:
        """Likewise, and leave the output as it is. `within`: more of the environment."""
        try:
            run = subprocess.run(  # noqa: S603 - no shell, and no argument of a repository's
                [*_GIT, "-C", folder, *arguments],
                capture_output=True,
                check=False,
                env=self._surroundings(folder, within),
                stdin=subprocess.DEVNULL,
                timeout=self._seconds,
            )
        except subprocess.TimeoutExpired:
            return Answer(None, TOO_SLOW)
        except OSError:
            return Answer(None, NOT_INSTALLED)
        said = run.stderr.decode("utf-8", "replace").strip()
        return Answer(run.stdout if run.returncode == 0 else None, said)

    def start(
        self, folder: str, arguments: Sequence[str], within: Mapping[str, str]
    ) -> Conversation:
        """Start a command that answers line by line. Raises RepositoryUnreadable."""
        try:
            process = subprocess.Popen(  # noqa: S603 - as above
                [*_GIT, "-C", folder, *arguments],
                bufsize=0,
                env=self._surroundings(folder, within),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise RepositoryUnreadable(f"{folder}: {NOT_INSTALLED}") from error
        return Conversation(process, self._seconds)

    def _surroundings(self, folder: str, within: Mapping[str, str] | None) -> dict[str, str]:
        above = {"GIT_CEILING_DIRECTORIES": os.path.dirname(folder)}  # noqa: PTH120
        return {**self._environment, **above, **(within or {})}
