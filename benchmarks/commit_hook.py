"""What a commit costs more with our hook in its repository: about a shell that does nothing."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from benchmarks.processes import run
from benchmarks.table import Row, at_most
from opentraces.domain.git_hooks import HookLines

_BOUND = 1.3
_SMALL, _LARGE = 17, 8_000
_TIMES = 60
"""Commits of each kind for one round: the hook is a small part of what they cost."""

_GIT = shutil.which("git") or "/usr/bin/git"


@dataclass(frozen=True)
class _Repository:
    """One with a hook that can be put in and taken out."""

    root: Path
    environment: Mapping[str, str]

    @property
    def hook(self) -> Path:
        return self.root / ".git" / "hooks" / "post-commit"

    def commit_ms(self, *, hooked: bool) -> float:
        """Commit with the hook, or without."""
        aside = self.hook.with_name("post-commit.aside")
        if not hooked:
            self.hook.rename(aside)
        command = (_GIT, "-C", str(self.root), "commit", "-q", "--allow-empty", "-m", "x")
        spent = run(command, self.environment).wall_ms
        if not hooked:
            aside.rename(self.hook)
        return spent


def rows(cache: Path, rounds: int) -> Iterator[Row]:
    """Yield what our hook adds to a commit, in a small and in a large repository."""
    folder = (cache / "commit-hook").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(folder)}
    for files in (_SMALL, _LARGE):
        repository = _made(_Repository(folder / str(files), environment), folder, files)
        floors = list[float]()
        spent: dict[bool, list[float]] = {False: [], True: []}
        for number in range(_TIMES * rounds):
            floors.append(run(("/bin/sh", "-c", ":"), environment).wall_ms)
            for hooked in (number % 2 == 0, number % 2 == 1):
                spent[hooked].append(repository.commit_ms(hooked=hooked))
        added = _quick(spent[True]) - _quick(spent[False])
        figure = f"a commit's hook, {files:,} files, by sh -c :"
        yield at_most(figure, "ms", added, _quick(floors), _BOUND)


def _quick(times: list[float]) -> float:
    """Return the time that a tenth of the runs keep within: the others waited for the machine."""
    return quantiles(times, n=10)[0]


def _made(repository: _Repository, folder: Path, files: int) -> _Repository:
    root = repository.root
    for number in range(files):
        file = root / f"package_{number % 40}" / f"module_{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"NUMBER = {number}\n")
    for command in (
        ["init", "-q"],
        ["config", "user.name", "Dev"],
        ["config", "user.email", "dev@example.com"],
        ["config", "gc.auto", "0"],
        ["add", "--all"],
        ["commit", "-q", "-m", "Begin"],
    ):
        subprocess.run([_GIT, "-C", str(root), *command], check=True, env=repository.environment)
    notes = folder / f"notes-{files}"
    notes.write_bytes(b"")
    lines = HookLines(str(root / ".git"), str(notes))
    repository.hook.parent.mkdir(exist_ok=True)
    repository.hook.write_bytes(lines.put_into(None, "post-commit"))
    repository.hook.chmod(0o755)
    return repository
