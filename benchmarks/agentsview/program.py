"""The agentsview of PyPI, in an environment of its own, driven through its command line."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.processes import Finished, ProgramFailed, run

VERSION = "0.46.1"
NAME = f"agentsview {VERSION}"
_SYSTEM = "/usr/local/bin:/usr/bin:/bin"
_EVERY_SESSION = ("--include-one-shot", "--include-children", "--include-automated")
"""By default it hides sessions with one prompt, sub-agents and what it takes for automated."""

_MOST = "500"


class PeerMissing(Exception):
    """It could not be installed."""


class PeerFailed(Exception):
    """It ended with another exit code than 0, so that its time is none."""


@dataclass(frozen=True)
class Agentsview:
    """agentsview with a home of its own, looking at one Claude Code configuration folder.

    Every method may raise PeerFailed.
    """

    venv: Path
    """Where `installed` put it."""

    home: Path
    """A scratch folder: HOME, and everything it writes, is in it."""

    claude: Path
    """The folder with `projects`."""

    @property
    def data(self) -> Path:
        """Its archive: a database, logs and locks."""
        return self.home / "data"

    @property
    def environment(self) -> Mapping[str, str]:
        """Everything it is told by its environment: to tell nobody that it ran, among it."""
        return {
            "PATH": _SYSTEM,
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "CLAUDE_CONFIG_DIR": str(self.claude),
            "CLAUDE_PROJECTS_DIR": str(self.claude / "projects"),
            "AGENTSVIEW_DATA_DIR": str(self.data),
            "AGENTSVIEW_TELEMETRY_ENABLED": "0",
            "DO_NOT_TRACK": "1",
        }

    def begin_anew(self) -> None:
        """Forget everything it ever read."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)

    def sync(self, *options: str) -> Finished:
        """Read all sessions in this one process, without a server."""
        return self._run((str(self._command), "sync", *options), {"AGENTSVIEW_NO_DAEMON": "1"})

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Keep its server running, which its searches ask; it reads no sessions meanwhile."""
        quiet = ("--port", "0", "--no-browser", "--no-sync", "--no-update-check")
        self.run("serve", "--background", *quiet)
        try:
            yield
        finally:
            self.run("serve", "stop")

    def run(self, *arguments: str) -> Finished:
        """Run a command as pip puts it on the path: by a line of Python that becomes it."""
        return self._run((str(self._command), *arguments), {})

    def run_bare(self, *arguments: str) -> Finished:
        """Run a command of the program proper, for which no interpreter starts."""
        [binary] = self.venv.glob("lib/python*/site-packages/agentsview/bin/agentsview")
        return self._run((str(binary), *arguments), {})

    def sessions_with(self, text: str) -> set[str]:
        """Return the ids of the sessions in whose messages its full-text search finds `text`."""
        answer = self._json(*search(text, _MOST))
        return {match["session_id"] for match in answer["matches"]}

    def project_of(self, session_id: str) -> str:
        """Return what it calls the project of a session."""
        return str(self._json("session", "get", session_id)["project"])

    @property
    def _command(self) -> Path:
        return self.venv / "bin" / "agentsview"

    def _json(self, *arguments: str) -> dict[str, Any]:
        answer: dict[str, Any] = orjson.loads(self.run(*arguments, "--json").stdout)
        return answer

    def _run(self, command: tuple[str, ...], told: Mapping[str, str]) -> Finished:
        try:
            return run(command, {**self.environment, **told})
        except ProgramFailed as error:
            raise PeerFailed(str(error)) from error


def search(text: str, limit: str, *filters: str) -> tuple[str, ...]:
    """Return the arguments of a full-text search of the messages of all sessions."""
    return ("session", "search", text, "--fts", "--limit", limit, *_EVERY_SESSION, *filters)


def installed(cache: Path) -> Path:
    """Return the environment it is installed in; made once.

    Raises:
        PeerMissing: the registry does not have it, or cannot be reached.
    """
    venv = cache / "agentsview" / VERSION
    if not (venv / "bin" / "agentsview").exists():
        own = {"PATH": _SYSTEM, "HOME": str(Path.home())}
        pip = (str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
        try:
            run((sys.executable, "-m", "venv", str(venv)), own)
            run((*pip, "install", "--quiet", f"agentsview=={VERSION}"), own)
        except ProgramFailed as error:
            raise PeerMissing(str(error).splitlines()[-1]) from error
    return venv
