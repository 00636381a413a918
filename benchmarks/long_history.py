"""A repository of ten thousand commits, and sessions whose edits wait to be found in it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from benchmarks.processes import Finished, run
from benchmarks.program import Program
from tests.integration.trail.control.sessions import ClaudeCode

COMMITS, NEW, PATCHES = 10_000, 100, 1_000
LONG = "src/main.py"
"""A file of a thousand lines that many commits changed."""

_BEGIN = 1_600_000_000
_STEP = 3_600
_SESSIONS = 50
_LINES, _LONG_LINES = 80, 1_000
_OF_LONG = 25
"""Of so many commits, one changes the long file."""


@dataclass(frozen=True)
class LongHistory:
    """A repository, and the home of somebody whose agents worked in it."""

    root: Path

    files: int
    """How many are tracked."""

    @property
    def folder(self) -> Path:
        """The checkout."""
        return self.root / "repository"

    @cached_property
    def program(self) -> Program:
        """The program in that home."""
        home = self.root / "home"
        return Program(home, home / ".claude")

    def git(self, *arguments: str, stdin: bytes = b"") -> Finished:
        """Run git in it."""
        command = (shutil.which("git") or "git", "-C", str(self.folder), *arguments)
        environment = {**self.program.environment, "GIT_CONFIG_NOSYSTEM": "1"}
        return run(command, environment, stdin=stdin)

    def ask(self, *arguments: str) -> Finished:
        """Run the program in it."""
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            return self.program.run(*arguments)
        finally:
            os.chdir(before)


def make_history(root: Path, files: int) -> LongHistory:
    """Make it below `root`: commits, a checkout, sessions that are imported and searched for.

    Then come new commits, in which some of what the sessions wrote is to be found.
    """
    shutil.rmtree(root, ignore_errors=True)
    history = LongHistory(root, files)
    history.folder.mkdir(parents=True)
    (root / "home").mkdir()
    random = Random(7)
    history.git("init", "--quiet", "--initial-branch=main")
    _imported(history, _commits(random, files))
    history.git("reset", "--quiet", "--hard")
    edited = _agents_work(history, random)
    history.program.run("import", "--all")
    history.ask("trail", "status", "--json")
    _imported(history, _new_commits(history, edited))
    history.git("reset", "--quiet")
    return history


def _imported(history: LongHistory, stream: Iterator[bytes]) -> None:
    path = history.root / "stream"
    with path.open("wb") as file:
        file.writelines(stream)
    line = f"git -C '{history.folder}' fast-import --quiet --date-format=raw < '{path}'"
    run(("/bin/sh", "-c", line), history.program.environment)
    path.unlink()


def _commits(random: Random, files: int) -> Iterator[bytes]:
    """Yield the history: a first commit of all files, then changes of a few lines in one or two."""
    texts = {_name(number): _lines(random, _LINES) for number in range(files)}
    texts[LONG] = _lines(random, _LONG_LINES)
    names = [name for name in texts if name != LONG]
    yield _commit(0, "main", None)
    for name, lines in texts.items():
        yield _file(name, lines)
    for number in range(1, COMMITS):
        yield _commit(number, "main", None)
        some = random.sample(names, random.randint(1, 2))
        for name in [LONG, *some] if number % _OF_LONG == 0 else some:
            lines = texts[name]
            at = random.randrange(len(lines) - 4)
            lines[at : at + 3] = _lines(random, 3)
            yield _file(name, lines)


def _agents_work(history: LongHistory, random: Random) -> list[str]:
    """Let sessions make patches; returns the files that they changed, in order."""
    names = [_name(number) for number in range(history.files)]
    edited: list[str] = []
    for number in range(1, _SESSIONS + 1):
        moment = _BEGIN + (COMMITS + number) * _STEP
        session = ClaudeCode(history.program.home, history.folder, number, moment)
        session.ask(f"go on, {number}")
        for _ in range(PATCHES // _SESSIONS):
            name = LONG if random.random() < 1 / _OF_LONG else random.choice(names)
            lines = (history.folder / name).read_text().splitlines()
            old = f"{lines[random.randrange(len(lines))]}\n"
            session.edit(name, old, old + "".join(f"{line}\n" for line in _lines(random, 3)))
            edited.append(name)
        session.end()
    return list(dict.fromkeys(edited))


def _new_commits(history: LongHistory, edited: list[str]) -> Iterator[bytes]:
    """Yield commits of what stands in files that agents changed, the long one among them."""
    names = [LONG, *(name for name in edited if name != LONG)][:NEW]
    for number, name in enumerate(names):
        yield _commit(
            COMMITS + _SESSIONS + 1 + number, "main", "refs/heads/main^0" if not number else None
        )
        yield _file(name, (history.folder / name).read_text().splitlines())


def _name(number: int) -> str:
    return f"package_{number % 40}/module_{number}.py"


def _lines(random: Random, count: int) -> list[str]:
    return [
        f"    value_{random.getrandbits(40):x} = compute({random.randrange(999)})"
        for _ in range(count)
    ]


def _commit(number: int, branch: str, after: str | None) -> bytes:
    moment = _BEGIN + number * _STEP
    text = f"change {number}"
    said = [
        f"commit refs/heads/{branch}",
        f"author Dev <dev@example.org> {moment} +0000",
        f"committer Dev <dev@example.org> {moment} +0000",
        f"data {len(text)}",
        text,
        *([f"from {after}"] if after else []),
    ]
    return ("\n".join(said) + "\n").encode()


def _file(name: str, lines: list[str]) -> bytes:
    data = "".join(f"{line}\n" for line in lines).encode()
    return b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(data), data)
