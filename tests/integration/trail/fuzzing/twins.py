"""Two repositories that live the same life: one with texts, and its shadow with lines as they are.

Git itself carries each line of the shadow through merges and rebases, because no two are equal.
Where the two come out differently, nobody can say which line is which, and `Apart` is raised.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pygit2

from tests.integration.trail.fuzzing.lines import Line, Lines, plain, shadowed

SERIAL = re.compile(rb"(\d{6})\|")
CONFIG = """[user]
name = A
email = a@example.org
[gc]
auto = 0
[maintenance]
auto = false
[core]
fsync = none
[advice]
detachedHead = false
[init]
defaultBranch = main
[protocol "file"]
allow = always
"""


class Apart(Exception):
    """What happened to the repository did not happen to its shadow."""


@dataclass(eq=False)
class Place:
    """A worktree and its shadow."""

    name: str

    real: Path

    shadow: Path

    files: dict[str, Lines] = field(default_factory=dict)
    """What the worktree holds now."""

    @property
    def sides(self) -> tuple[Path, Path]:
        return self.real, self.shadow

    def repositories(self) -> tuple[pygit2.Repository, pygit2.Repository]:
        return _opened(self.real), _opened(self.shadow)


def _opened(folder: Path) -> pygit2.Repository:
    return pygit2.Repository(str(folder))


@dataclass(eq=False)
class Twins:
    """Runs git in both, and reads what came of it."""

    home: Path

    lines: Sequence[Line]
    """All lines there ever were, by serial."""

    moment: int = 0
    """Milliseconds since 1970."""

    runs: int = 0

    _texts: dict[tuple[str, str], Lines] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.home / ".gitconfig").write_text(CONFIG, encoding="utf-8")
        self._environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_EDITOR": "true",
            "GIT_SEQUENCE_EDITOR": "sed -i '2,$s/^pick/fixup/'",
            "GIT_MERGE_AUTOEDIT": "no",
            "LC_ALL": "C",
        }

    def run(self, place: Place, *arguments: str | Place) -> bool:
        """Run git in both; whether it succeeded. Raises Apart if in one only."""
        both = [self._start(place, side, *arguments) for side in (0, 1)]
        codes = [process.wait() == 0 for process in both]
        if codes[0] != codes[1]:
            raise Apart(f"git {arguments[0]}: {codes}")
        return codes[0]

    def must(self, place: Place, *arguments: str | Place) -> None:
        if not self.run(place, *arguments):
            raise AssertionError(f"git {arguments} failed in {place.name}")

    def run_on(self, place: Place, side: int, *arguments: str | Place) -> bool:
        """Run git in one of both (0: the repository; 1: its shadow)."""
        return self._start(place, side, *arguments).wait() == 0

    def _start(self, place: Place, side: int, *arguments: str | Place) -> "subprocess.Popen[bytes]":
        date = f"@{self.moment // 1000} +0000"
        said = [str(a.sides[side]) if isinstance(a, Place) else a for a in arguments]
        self.runs += 1
        return subprocess.Popen(
            ["git", "-C", str(place.sides[side]), *said],
            env={**self._environment, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def write(self, place: Place, path: str, lines: Lines | None) -> None:
        """Put a file into both worktrees; None: delete it."""
        for side, content in zip(place.sides, (plain, shadowed), strict=True):
            if lines is None:
                (side / path).unlink()
            else:
                (side / path).parent.mkdir(parents=True, exist_ok=True)
                (side / path).write_bytes(content(lines))
        if lines is None:
            del place.files[path]
        else:
            place.files[path] = lines

    def stage(self, place: Place, path: str, lines: Lines) -> None:
        """Put a content that is not the worktree's into both indexes."""
        kept = place.files.get(path)
        self.write(place, path, lines)
        self.must(place, "add", path)
        if kept is not None:
            self.write(place, path, kept)

    def read_lines(self, content: bytes) -> Lines:
        """The lines of a file of the shadow. Raises Apart for what is no line."""
        found = [SERIAL.match(each) for each in content.split(b"\n")[:-1]]
        if None in found:
            raise Apart("a file of the shadow holds other things than lines")
        return tuple(self.lines[int(each.group(1))] for each in found if each)

    def reload(self, place: Place) -> None:
        """Read both worktrees again, after git wrote them."""
        names = [
            {
                str(each.relative_to(side))
                for each in side.rglob("*")
                if each.is_file() and ".git" not in each.relative_to(side).parts
            }
            for side in place.sides
        ]
        if names[0] != names[1]:
            raise Apart("other files")
        place.files = {
            name: self.read_lines((place.shadow / name).read_bytes()) for name in sorted(names[1])
        }
        for name, lines in place.files.items():
            if (place.real / name).read_bytes() != plain(lines):
                raise Apart(f"other text in {name}")

    def commit_files(self, place: Place, real: str, shadow: str) -> dict[str, Lines]:
        """The files of a commit. Raises Apart unless both have the same text."""
        repositories = place.repositories()
        trees = [
            dict(_files(repository[commit].peel(pygit2.Tree)))
            for repository, commit in zip(repositories, (real, shadow), strict=True)
        ]
        if trees[0].keys() != trees[1].keys():
            raise Apart("other files in a commit")
        return {path: self._text(repositories, trees[0][path], trees[1][path]) for path in trees[1]}

    def staged_files(self, place: Place) -> dict[str, Lines]:
        """The files of the index."""
        repositories = place.repositories()
        staged = [{each.path: str(each.id) for each in r.index} for r in repositories]
        if staged[0].keys() != staged[1].keys():
            raise Apart("other files are staged")
        return {
            path: self._text(repositories, staged[0][path], staged[1][path]) for path in staged[1]
        }

    def _text(self, repositories: Sequence[pygit2.Repository], real: str, shadow: str) -> Lines:
        if (real, shadow) not in self._texts:
            lines = self.read_lines(_content(repositories[1], shadow))
            if _content(repositories[0], real) != plain(lines):
                raise Apart("other text in a commit")
            self._texts[real, shadow] = lines
        return self._texts[real, shadow]


def _content(repository: pygit2.Repository, blob: str) -> bytes:
    found = repository[blob]
    assert isinstance(found, pygit2.Blob)
    return found.data


def _files(tree: pygit2.Tree, above: str = "") -> Iterator[tuple[str, str]]:
    for entry in tree:
        if isinstance(entry, pygit2.Tree):
            yield from _files(entry, f"{above}{entry.name}/")
        else:
            yield f"{above}{entry.name}", str(entry.id)
