"""What commands are for, as far as their words tell."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from opentraces.domain.activity.deed import Deed
from opentraces.domain.committing import is_commit

_LONGEST = 64 * 1024
_PARTS = re.compile(r"&&|\|\||[;|\n]")
_WORD = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|(\S+)""")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_READS = _set("cat head tail less more bat nl sed awk jq wc file stat od hexdump xxd")
_SEARCHES = _set("ls find fd tree grep egrep rg ag ack which type pwd du df")
_OF_GIT = _set("log show diff status blame grep ls-files branch reflog rev-parse")
_ASIDE = _set("cd echo printf true : export set sort uniq cut tr xargs column test [")
"""They do nothing to the point beside another command."""

_INSTALLS = _set("install add remove uninstall i upgrade")

_IN_PLACE = re.compile(r"\s-[A-Za-z]*i|\s--in-place")
_WRITES = re.compile(r"(?<![<>&\d])>{1,2}(?!&)\s*(?!/dev/null\b)\S")

_RUNNERS = (
    (re.compile(r"\bpytest\b|\bpy\.test\b"), "pytest"),
    (re.compile(r"\bpython[\d.]*\s+(?:-\w+\s+)*-m\s+unittest\b"), "unittest"),
    (re.compile(r"\bmanage\.py\s+test\b"), "unittest"),
    (re.compile(r"\bjest\b"), "jest"),
    (re.compile(r"\bvitest\b"), "vitest"),
    (re.compile(r"\bmocha\b"), "mocha"),
    (re.compile(r"\bplaywright\s+test\b"), "playwright"),
    (re.compile(r"\bgo\s+test\b"), "go test"),
    (re.compile(r"\bcargo\s+(?:\S+\s+)?(?:test|nextest)\b"), "cargo test"),
    (re.compile(r"\brspec\b"), "rspec"),
    (re.compile(r"\bphpunit\b"), "phpunit"),
    (re.compile(r"\bctest\b"), "ctest"),
    (re.compile(r"\bdotnet\s+test\b"), "dotnet test"),
    (re.compile(r"\bnode\s+(?:\S+\s+)*--test\b"), "node --test"),
    (re.compile(r"\bmvnw?\b.*\b(?:test|verify)\b"), "maven"),
    (re.compile(r"\bgradlew?\b.*\b(?:test|check)\b"), "gradle"),
    (re.compile(r"\b(?:tox|nox)\b"), "tox"),
    (re.compile(r"\b(?:npm|pnpm|yarn|bun|deno)\s+(?:run\s+|-\S+\s+)*(?:test|t)\b"), "npm test"),
    (re.compile(r"\bmake\s+(?:\S+\s+)*(?:test|check)\b"), "make test"),
)
"""How a call of a program that runs tests looks, and what to call it."""


class Command(NamedTuple):
    """What one command line is for."""

    deed: Deed
    """READ, SEARCH, TEST, COMMIT or COMMAND."""

    files: tuple[str, ...] = ()
    """Of READ: the files that it reads, as they were written."""

    runner: str | None = None
    """Of TEST: the program that runs them."""


def command_of(line: str) -> Command:
    """Return what a command line is for; of several commands in it, the one that does most."""
    line = line[:_LONGEST]
    if is_commit(line):
        return Command(Deed.COMMIT)
    parts = [words for part in _PARTS.split(line) if (words := _words(part))]
    for words in parts:
        runner = _runner(words)
        if runner is not None:
            return Command(Deed.TEST, runner=runner)
    if _WRITES.search(line):
        return Command(Deed.COMMAND)
    kinds = [_kind(words) for words in parts if words[0] not in _ASIDE]
    if not kinds or Deed.COMMAND in kinds:
        return Command(Deed.COMMAND)
    read = (words for words in parts if words[0] not in _ASIDE and _kind(words) is Deed.READ)
    files = tuple(dict.fromkeys(file for words in read for file in _files(words)))
    is_search = kinds[0] is Deed.SEARCH and not files  # `grep x | head` reads no file
    return Command(Deed.SEARCH) if is_search else Command(Deed.READ, files)


def _words(part: str) -> list[str]:
    """Return the words of a command, quotes taken off, what it is run with left out."""
    words = [next(filter(None, found.groups()), "") for found in _WORD.finditer(part)]
    while words and (_ASSIGNED.match(words[0]) or words[0] in {"sudo", "time", "env", "command"}):
        words = words[1:]
    return words


def _runner(words: list[str]) -> str | None:
    """Return the program that runs tests. None: none does, or its name is only spoken of."""
    if words[0] in _READS | _SEARCHES | _ASIDE or not _INSTALLS.isdisjoint(words[1:4]):
        return None
    command = " ".join(words)
    return next((name for pattern, name in _RUNNERS if pattern.search(command)), None)


def _kind(words: list[str]) -> Deed:
    name = words[0].rpartition("/")[2]
    if name == "git":
        verb = next((word for word in words[1:] if not word.startswith("-")), "")
        return Deed.SEARCH if verb in _OF_GIT else Deed.COMMAND
    if name in _SEARCHES:
        is_harmless = name != "find" or not {"-delete", "-exec"} & set(words)
        return Deed.SEARCH if is_harmless else Deed.COMMAND
    if name in _READS and not (name == "sed" and _IN_PLACE.search(" ".join(words))):
        return Deed.READ
    return Deed.COMMAND


def _files(words: list[str]) -> Iterator[str]:
    """Yield what seems to be files among the words of a command that reads."""
    has_program = words[0] in {"sed", "awk", "jq"}
    plain = [word for word in words[1:] if not word.startswith(("-", "<", ">", "2>"))]
    for word in plain[1:] if has_program else plain:
        if re.search(r"[./]", word) or (not word.isdigit() and word.isidentifier()):
            yield word
