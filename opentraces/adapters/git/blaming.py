"""Where the lines of a file came from, as `git blame` tells, run where no settings count."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters.git.borrowed import borrowed
from opentraces.adapters.git.command import Answer, GitCommand
from opentraces.adapters.git.place import Place
from opentraces.domain.errors import NoSuchFile, RepositoryUnreadable
from opentraces.domain.trail.history import BlamedLine, CommitId

_LINE = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) (\d+) \d+(?: \d+)?")
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BLAME = ("blame", "--porcelain", "--no-textconv")
_NOT_THERE = (
    "bad object",
    "bad revision",
    "cannot lstat",
    "cannot stat path",
    "is outside repository",
    "no such path",
    "no such ref",
    "unsupported file type",
)
_LINE_ENDS = ("config", "--local", "--no-includes", "--get-regexp", r"^core\.(autocrlf|eol)$")
_SETTING = re.compile(r"core\.(autocrlf|eol) ([a-z]{1,8})")
_TIMES = (b"author-time", b"committer-time")
_PLAIN_PATHS = "\tquotepath = false\n"
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


class Blaming:
    """Blames the files of one repository."""

    def __init__(self, git: GitCommand, place: Place) -> None:
        self._git = git
        self._place = place

    def at(self, path: str, revision: CommitId) -> tuple[BlamedLine, ...]:
        """Blame a file of a commit. Raises NoSuchFile, RepositoryUnreadable."""
        _check(path)
        if not _ID.fullmatch(revision):
            raise NoSuchFile(f"{path} at {revision}")
        with borrowed(self._place, settings=_PLAIN_PATHS) as own:
            answer = self._git.run(own.folder, (*_BLAME, revision, "--", path), own.within)
        return self._lines(answer, path)

    def as_it_is(self, path: str, head: CommitId | None) -> tuple[BlamedLine, ...]:
        """Blame a file of the worktree; `head`: what is checked out.

        The file's line ends are taken as the repository says that they are to be. No filter is
        run, so what needs one differs as a whole. No link is followed. Raises as `at` does.
        """
        _check(path)
        file = Path(self._place.checkout) / path
        if head is None or not self._place.has_files or os.path.realpath(file) != str(file):
            raise NoSuchFile(path)
        with borrowed(self._place, head, _PLAIN_PATHS + self._line_ends()) as own:
            answer = self._git.run(own.folder, (*_BLAME, "--", path), own.within)
        return self._lines(answer, path)

    def _line_ends(self) -> str:
        said = self._git.ask(self._place.checkout, *_LINE_ENDS).output or b""
        found = map(_SETTING.fullmatch, said.decode("utf-8", "replace").splitlines())
        return "".join(f"\t{each[1]} = {each[2]}\n" for each in found if each)

    def _lines(self, answer: Answer, path: str) -> tuple[BlamedLine, ...]:
        if answer.output is not None:
            return tuple(_read(answer.output.split(b"\n")))
        if any(words in answer.said.lower() for words in _NOT_THERE):
            raise NoSuchFile(path)
        raise RepositoryUnreadable(f"{self._place.checkout}: {answer.said}")


def _check(path: str) -> None:
    """Raise NoSuchFile where no file can be named so."""
    try:
        is_name = bool(path) and b"\0" not in os.fsencode(path) and not path.startswith("/")
    except UnicodeEncodeError:
        is_name = False
    if not is_name:
        raise NoSuchFile(repr(path))


def _read(lines: list[bytes]) -> Iterator[BlamedLine]:
    times: dict[tuple[bytes, bytes], int] = {}
    paths: dict[bytes, str] = {}
    commit, number = b"", 0
    for line in lines:
        begin = _LINE.fullmatch(line)
        name, _, value = line.partition(b" ")
        if line.startswith(b"\t"):
            text = line[1:].decode("utf-8", "replace")
            is_there = bool(commit.strip(b"0"))
            known = CommitId(commit.decode("ascii")) if is_there else None
            first, last = (times.get((commit, each), 0) * is_there for each in _TIMES)
            yield BlamedLine(known, number, paths.get(commit, ""), first, last, text)
        elif begin:
            commit, number = begin[1], int(begin[2])
        elif name in _TIMES:
            times[commit, name] = int(value)
        elif name == b"filename":
            paths[commit] = _unquoted(value).decode("utf-8", "replace")


def _unquoted(name: bytes) -> bytes:
    """Return a path that Git put into quotes, because of what is in it."""
    if not (name.startswith(b'"') and name.endswith(b'"') and len(name) > 1):
        return name
    return _ESCAPE.sub(lambda found: _character(found[1]), name[1:-1])


def _character(escaped: bytes) -> bytes:
    if len(escaped) > 1:
        return bytes((int(escaped, 8) & 0xFF,))
    return _ESCAPED.get(escaped, escaped)
