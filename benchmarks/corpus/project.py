"""Projects that the invented sessions work on: a folder and its source files."""

from dataclasses import dataclass
from random import Random

from benchmarks.corpus.chance import lognormal, seeded
from benchmarks.corpus.prose import Prose
from benchmarks.corpus.vocabulary import Vocabulary

_FILES = 40
_FOLDERS = ("src", "lib", "tests", "app", "internal")
_SUFFIXES = ("py", "ts", "go", "rs", "md", "json", "tsx", "sql")


@dataclass(frozen=True)
class SourceFile:
    """A file of the project, as every session sees it."""

    path: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Project:
    """A working directory with its files, the often used ones first."""

    cwd: str
    files: tuple[SourceFile, ...]

    @property
    def name(self) -> str:
        """The last part of the working directory."""
        return self.cwd.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The folder the agent keeps this project's sessions in."""
        return "".join(letter if letter.isalnum() else "-" for letter in self.cwd)

    def often_used(self, chance: Random) -> SourceFile:
        """Draw a file; the first ones are drawn again and again."""
        return self.files[min(_FILES - 1, int(chance.expovariate(0.12)))]

    def any_path(self, chance: Random) -> str:
        """Draw the path of any file."""
        return chance.choice(self.files).path


def make_project(number: int, vocabulary: Vocabulary, seed: int, cwd: str | None) -> Project:
    """Invent the project `number`; without `cwd` its folder is invented too."""
    chance = seeded("project", seed, number)
    name = "-".join(chance.choice(vocabulary.words[400:2000]) for _ in range(2))
    cwd = cwd or f"/home/dev/code/{name}"
    prose = Prose(vocabulary, chance)
    files = tuple(_make_file(cwd, prose, vocabulary, chance) for _ in range(_FILES))
    return Project(cwd, files)


def _make_file(cwd: str, prose: Prose, vocabulary: Vocabulary, chance: Random) -> SourceFile:
    stem = "_".join(chance.choice(vocabulary.words[300:9000]) for _ in range(2))
    path = f"{cwd}/{chance.choice(_FOLDERS)}/{stem}.{chance.choice(_SUFFIXES)}"
    length = max(20, min(900, int(lognormal(140, 0.8, chance))))
    return SourceFile(path, tuple(prose.code(length)))
