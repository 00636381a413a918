"""A machine on which agents change files, and people commit, at known moments."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from opentraces.domain.address import Address
from opentraces.domain.session import Scope
from opentraces.domain.trace import TraceRecord
from opentraces.domain.trail.blame import Blame
from opentraces.domain.trail.events import SurvivalObserved
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.tally import Tally
from opentraces.entrypoints.cli.trail import asking
from opentraces.entrypoints.container import catching_up, keeping, noting, reading, repairing, trail
from opentraces.entrypoints.settings import Settings
from tests.integration.trail.control.sessions import ClaudeCode
from tests.integration.trail.scenarios.told import Credits, Run, Step, functions

SECOND = 1_790_000_000
"""A moment before all that happens, in seconds since 1970."""

_ASKING = ("add", "rev-parse", "rev-list", "cat-file", "clone", "gc")
"""Commands that change no history."""


@dataclass
class World:
    """The machine."""

    home: Path
    now: int = SECOND
    often: bool = False
    """Whether sessions are kept and history is searched after everything that happens."""

    agents: "list[Agent]" = field(default_factory=list, repr=False)

    @property
    def settings(self) -> Settings:
        return Settings.from_environment({"PATH": os.environ["PATH"], "HOME": str(self.home)})

    def repository(self, name: str = "app", *options: str, text: str | None = None) -> "Checkout":
        """Make a repository with one commit: a.py, of one function."""
        made = self.checkout(name)
        made.folder.mkdir(parents=True)
        made.git("init", "--quiet", "--initial-branch=main", *options)
        made.write("a.py", functions("first").lstrip() if text is None else text)
        made.commit("begin")
        return made

    def checkout(self, name: str) -> "Checkout":
        """Name a folder that is, or is to be, a checkout."""
        return Checkout(self, self.home / name)

    def agent(self, where: "Checkout") -> "Agent":
        """Begin a session in a checkout."""
        number = len(self.agents) + 1
        self.agents.append(Agent(self, Claude(self.home, where.folder, number, self.tick())))
        return self.agents[-1]

    def tick(self, seconds: int = 60) -> int:
        self.now += seconds
        return self.now

    def keep(self, *agents: "Agent") -> None:
        """Import the sessions of some agents; of all, when none is named."""
        for agent in agents or self.agents:
            agent.session.end()
        imported = keeping.import_sessions(self.settings).execute(Scope())
        assert not imported.failed

    def reproject(self) -> None:
        """Make all traces again from what is kept of their sources."""
        repairing.repair_bucket(self.settings, dry_run=False).execute(reproject=True)

    def forget(self) -> None:
        """Lose all that is kept."""
        shutil.rmtree(self.settings.home)

    def lose_index(self) -> None:
        """Lose what is noted of trails, and note it anew."""
        shutil.rmtree(self.settings.state)
        catch_up = catching_up.catch_up(self.settings)
        catch_up.trails.renew()

    def credits(self, where: "Checkout") -> Credits:
        """Search history, and return all that is said of it; every way to ask says the same."""
        opened = asking.opened_around(self.settings, where.folder)
        names = self.names()
        found: Credits = {}
        for one in noting.trail_index(self.settings).credits(opened.key, None, None):
            if one.last:
                run = Run(one.first, one.last, Step(names[one.trace], one.step_index), one.tier)
                found.setdefault((one.commit, one.path), []).append(run)
        found = {key: sorted(runs) for key, runs in found.items()}
        assert self._anchored(opened.key) == {
            (commit, path, run.step) for (commit, path), runs in found.items() for run in runs
        }
        return found

    def blame(self, where: "Checkout", path: str) -> list[Step | str]:
        """Return for each line of a file, as it is, the step that wrote it or why none is named."""
        opened = asking.opened_around(self.settings, where.folder)
        return self._told(trail.blame_lines(self.settings).file(opened, path, None, None))

    def blame_commit(self, where: "Checkout", commit: str) -> dict[tuple[str, int], Step | str]:
        """Return the same for each line that a commit added."""
        opened = asking.opened_around(self.settings, where.folder)
        found = trail.blame_lines(self.settings).commit(opened, CommitId(commit))
        places = [(line.path, line.line) for line in found.lines]
        return dict(zip(places, self._told(found), strict=True))

    def tally(self, where: "Checkout") -> Tally:
        """Return how many patches became of what."""
        opened = trail.open_repository(self.settings).execute(str(where.folder))
        return trail.trail_status(self.settings).of(opened).tally

    def names(self) -> dict[str, str]:
        """Return the agents' own ids of the kept sessions, by trace."""
        store = reading.traces(self.settings)
        return {str(one): store.envelope(one).header.session_id for one in store.ids()}

    def _told(self, found: Blame) -> list[Step | str]:
        names = self.names()
        return [
            Step(names[line.author.trace], line.author.step_index)
            if line.author
            else str(line.reason)
            for line in found.lines
        ]

    def _anchored(self, repository: str) -> set[tuple[str, str, Step]]:
        """Return what trails say of the same."""
        store, names = reading.traces(self.settings), self.names()
        found: dict[tuple[str, str, str], Any] = {}
        steps: dict[str, Step] = {}
        for trace in store.ids():
            for event in store.trail(store.envelope(trace), 0):
                if event.event == "patch_created":
                    steps[event.patch_id] = Step(names[str(trace)], event.step_index)
                elif event.event == "anchored" and event.repository == repository:
                    found[event.patch_id, event.commit, event.path] = event.lines
        return {(key[1], key[2], steps[key[0]]) for key, lines in found.items() if lines}


@dataclass
class Checkout:
    """A checkout in which people commit."""

    world: World = field(repr=False)
    folder: Path

    def git(self, *arguments: str, env: dict[str, str] | None = None, ok: bool = True) -> str:
        """Run git, a minute later; `ok`: it has to go well."""
        at = f"@{self.world.tick()} +0000"
        person = {"NAME": "Dev", "EMAIL": "dev@example.org", "DATE": at}
        told = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in person.items()}
        run = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=self.folder,
            env={**os.environ, **told, "GIT_EDITOR": "true", **(env or {})},
            check=False,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0 or not ok, run.stderr
        if self.world.often and self.world.agents and arguments[0] not in _ASKING:
            self.world.keep()
            self.world.credits(self)
        return run.stdout.strip()

    def commit(self, message: str = "change", *options: str) -> str:
        """Commit all there is, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message, *options)
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def read(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(text.encode())

    def replace(self, path: str, old: str, new: str) -> None:
        """Let a person change a file."""
        assert self.read(path).count(old) == 1
        self.write(path, self.read(path).replace(old, new))

    def add(self, path: str, text: str) -> None:
        """Let a person add to the end of a file."""
        self.write(path, self.read(path) + text)


class Claude(ClaudeCode):
    """A session of Claude Code that runs commands, too."""

    def run(self, command: str) -> None:
        """Tell of a command that was run."""
        result = {"stdout": "", "stderr": "", "interrupted": False, "isImage": False}
        self.lines += list(self._call("Bash", {"command": command}, result))


@dataclass
class Agent:
    """A session that does to the disk what its transcript says."""

    world: World = field(repr=False)
    session: Claude

    def __post_init__(self) -> None:
        self._step = 1
        self.session.ask("do it")

    @property
    def name(self) -> str:
        return self.session.id

    def adds(self, path: str, text: str) -> Step:
        """Add a text to the end of a file by an edit."""
        last = self._file(path).read_text().rstrip("\n").rpartition("\n")[2]
        return self.edits(path, f"{last}\n", f"{last}\n{text}")

    def edits(self, path: str, old: str, new: str) -> Step:
        """Replace a text that is there once; line ends of the file stay as they are."""
        return self._did(path, partial(self.session.edit, path, old, new))

    def writes(self, path: str, text: str) -> Step:
        """Write a whole file."""
        return self._did(path, partial(self.session.write, path, text))

    def runs(self, where: Checkout, *arguments: str) -> Step:
        """Run git by a shell."""
        self._begin()
        where.git(*arguments)
        self.session.moment = self.world.now
        self.session.run(f"git {' '.join(arguments)}")
        return self._end()

    def record(self) -> TraceRecord:
        """Return what is kept of it."""
        trace = next(t for t, name in self.world.names().items() if name == self.name)
        return reading.get_trace(self.world.settings).execute(Address(trace)).record

    def anchors(self) -> dict[int, tuple[str | None, tuple[str, ...]]]:
        """Return by step the commit that holds it, and those that held it before."""
        return {
            patch.step_index or 0: (
                patch.anchor.commit_sha if patch.anchor else "nobody looked",
                patch.superseded_by,
            )
            for patch in self.record().patches
        }

    def survivals(self) -> dict[int, tuple[str, int, int]]:
        """Return by step what is left of it: state, lines kept, lines written."""
        store = reading.traces(self.world.settings)
        trace = next(t for t in store.ids() if self.world.names()[str(t)] == self.name)
        steps: dict[str, int] = {}
        found: dict[int, tuple[str, int, int]] = {}
        for event in store.trail(store.envelope(trace), 0):
            if event.event == "patch_created":
                steps[event.patch_id] = event.step_index
            elif isinstance(event, SurvivalObserved):
                found[steps[event.patch_id]] = (event.state, event.kept, event.written)
        return found

    def _file(self, path: str) -> Path:
        return self.session.worktree / path

    def _did(self, path: str, what: Callable[[], None]) -> Step:
        self._begin()
        has_crlf = self._file(path).exists() and b"\r\n" in self._file(path).read_bytes()
        what()
        if has_crlf:
            data = self._file(path).read_bytes()
            self._file(path).write_bytes(data.replace(b"\n", b"\r\n"))
        return self._end()

    def _begin(self) -> None:
        self.session.moment = max(self.session.moment, self.world.tick())

    def _end(self) -> Step:
        self.world.now = self.session.moment
        self._step += 1
        return Step(self.name, self._step)
