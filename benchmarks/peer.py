"""The public program of the same name, on a corpus small enough for it."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import orjson

from benchmarks.corpora import Corpus, corpus_in
from benchmarks.hooks import closing_ms, event
from benchmarks.processes import Finished, run
from benchmarks.program import Program
from benchmarks.table import Row, compared

_VERSION = "0.4.13"
_SESSIONS, _MEGABYTES = 200, 14.0
_RARE = "quibblefrost"


@dataclass(frozen=True)
class _Peer:
    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def repository(self) -> Path:
        return self.folder / "repository"

    @property
    def environment(self) -> Mapping[str, str]:
        path = f"{self.folder / 'venv' / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        return {"PATH": path, "LANG": "C.UTF-8", "HOME": str(self.home)}

    def shell(self, line: str, stdin: bytes = b"") -> Finished:
        """Run a line of shell in the repository."""
        script = f'cd "$0" && {line}'
        return run(("/bin/sh", "-c", script, str(self.repository)), self.environment, stdin=stdin)

    def hook(self) -> Finished:
        """Run what the agent is told to run at the end of a session."""
        settings = orjson.loads((self.repository / ".claude" / "settings.json").read_bytes())
        [group] = settings["hooks"]["SessionEnd"]
        [handler] = group["hooks"]
        return self.shell(handler["command"], event("SessionEnd") + b"\n")


def rows(cache: Path, rounds: int) -> Iterator[Row]:
    """Yield import, query, bucket and hook of ours by those of the peer; none has a bound."""
    peer = _prepared(cache / "peer")
    corpus = corpus_in(peer.repository, _SESSIONS, _MEGABYTES, cache)
    (peer.home / ".claude").mkdir(parents=True)
    shutil.copytree(corpus.root / "projects", peer.home / ".claude" / "projects")
    imported = peer.shell("opentraces init --agent claude-code --import-existing")
    queries = [peer.shell(f"opentraces trace query --lex {_RARE} --json") for _ in range(rounds)]
    ours = Program(cache / "homes" / "peer", corpus.root)
    yield from _compare(corpus, ours, imported, queries)
    theirs = _megabytes(peer.home / ".opentraces") + _megabytes(peer.repository / ".git")
    yield compared("kept on disk, by the peer", "MB", _megabytes(ours.store), theirs)
    theirs = median(peer.hook().wall_ms for _ in range(rounds))
    yield compared("hook at the end, by the peer", "ms", closing_ms(cache, rounds), theirs)


def _compare(
    corpus: Corpus, ours: Program, imported: Finished, queries: list[Finished]
) -> Iterator[Row]:
    shutil.rmtree(ours.home, ignore_errors=True)
    first = ours.run("import", "--all")
    figure = f"import {corpus.megabytes:.0f} MB, by the peer"
    yield compared(figure, "ms", first.wall_ms, imported.wall_ms)
    mine = median(ours.run("trace", "query", _RARE).wall_ms for _ in queries)
    theirs = median(one.wall_ms for one in queries)
    yield compared("query rare word, by the peer", "ms", mine, theirs)


def _prepared(folder: Path) -> _Peer:
    """Install the peer once, and give it an empty home and a new repository."""
    peer = _Peer(folder)
    if not (folder / "venv" / "bin" / "opentraces").exists():
        own = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(Path.home())}
        run((sys.executable, "-m", "venv", str(folder / "venv")), own)
        pip = str(folder / "venv" / "bin" / "pip")
        run((pip, "install", "--quiet", f"opentraces=={_VERSION}"), own)
    for place in (peer.home, peer.repository):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
    peer.shell(
        "git init -q -b main && echo peer > README.md && git add README.md && "
        "git -c user.name=Dev -c user.email=dev@example.com commit -q -m 'Begin'"
    )
    return peer


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
