r"""The lines that a call changed, as Claude Code shows them: read back into those of the file.

It shows each tab at the beginning of a line as two spaces, and so it writes them down. What stands
in the file is known where its content is, or where the arguments of the call hold the line.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from opentraces.adapters._reading.values import mapping, whole
from opentraces.adapters.claude_code.replacing import compared, text_lines

_TABS = re.compile("(?:^|(?<=[\r\u2028\u2029]))\t+")
_MAY_HIDE = re.compile("(?:^|[\r\u2028\u2029])  ")
_MARKS = frozenset((" ", "-", "+"))
_HIGHEST = 10**9
"""Number of a line above which it is none."""


class Shown(NamedTuple):
    """A hunk as it is shown."""

    old: int
    """Place of its first line in the file before, from 0; of one that only adds, where it adds."""

    new: int
    """Place of its first line in the file after, likewise."""

    lines: tuple[str, ...]
    """Its lines behind their marks, the remark on a missing newline left out."""


class _Line(NamedTuple):
    text: str
    is_sure: bool


def shown_hunks(patch: Any) -> list[Shown] | None:
    """Return the hunks of a `structuredPatch`. None: it is none, or of another form."""
    if type(patch) is not list:
        return None
    found = [_shown(mapping(each)) for each in patch]
    hunks = [each for each in found if each is not None]
    return hunks if len(hunks) == len(found) else None


def _shown(hunk: dict[str, Any]) -> Shown | None:
    old, new, lines = whole(hunk.get("oldStart")), whole(hunk.get("newStart")), hunk.get("lines")
    if old is None or new is None or max(old, new) > _HIGHEST or type(lines) is not list:
        return None
    if not all(type(line) is str and (line[:1] in _MARKS or line[:1] == "\\") for line in lines):
        return None
    kept = tuple(line for line in lines if line[:1] != "\\")
    return Shown(max(old - 1, 0), max(new - 1, 0), kept)


def has_tabs(*texts: str | None) -> bool:
    """Whether a line of the texts begins with a tab."""
    return any(text is not None and (text[:1] == "\t" or "\n\t" in text) for text in texts)


class FileLines:
    """What is known of a file, to read shown lines by."""

    def __init__(self, before: str | None, after: str | None, told: Iterable[str]) -> None:
        """`before`, `after`: all of it. None: not known. `told`: texts that hold some lines."""
        texts = tuple(told)
        self._is_whole = before is not None and after is not None
        self._is_without_tabs = self._is_whole and not any(map(_has_tab, (before, after, *texts)))
        self._before = text_lines(before or "")
        self._after = text_lines(after or "")
        self._told = _by_look(texts)

    def read(self, hunks: Sequence[Shown]) -> tuple[list[dict[str, Any]], bool]:
        """Return the hunks' fields, and whether all lines are surely as they are in the file.

        What only stands around a hunk and is not sure is left out of it. Where tabs became spaces
        or the other way round, no change is shown: it is found where both contents are known.
        """
        if self._is_without_tabs:
            return [_fields(old, new, lines) for old, new, lines in hunks], True
        found = [_trimmed(hunk, self._lines(hunk)) for hunk in hunks]
        fields = [each for each, _ in found]
        if self._is_whole and self._hides_something(fields):
            return [self._difference()], True
        return fields, all(is_sure for _, is_sure in found)

    def _lines(self, hunk: Shown) -> list[_Line]:
        old, new = hunk.old, hunk.new
        lines = []
        for line in hunk.lines:
            mark, look = line[0], line[1:]
            was = self._at(self._before, old, look) if mark != "+" else None
            came = self._at(self._after, new, look) if mark != "-" else None
            old += mark != "+"
            new += mark != "-"
            if was is not None and came is not None and was != came:
                lines += [_Line(f"-{was}", True), _Line(f"+{came}", True)]
                continue
            exact = next((each for each in (was, came) if each is not None), self._told.get(look))
            lines.append(_Line(mark + (look if exact is None else exact), exact is not None))
        return lines

    def _at(self, lines: list[str], at: int, look: str) -> str | None:
        """Return the line at a place, if it looks so. None: it does not, or is not known."""
        if at < len(lines) and _look(lines[at]) == look:
            return lines[at]
        return None if _MAY_HIDE.search(look) else look

    def _hides_something(self, hunks: Iterable[dict[str, Any]]) -> bool:
        """Whether hunks are true of both contents, and do not make one of the other."""
        done: list[str] = []
        begin = 0
        for hunk in hunks:
            gone = [line[1:] for line in hunk["lines"] if line[0] != "+"]
            come = [line[1:] for line in hunk["lines"] if line[0] != "-"]
            start = hunk["old_start"] - bool(gone)
            done += self._before[begin:start]
            begin = start + len(gone)
            new = hunk["new_start"] - bool(come)
            if self._before[start:begin] != gone or self._after[new : new + len(come)] != come:
                return False
            done += come
        return done + self._before[begin:] != self._after

    def _difference(self) -> dict[str, Any]:
        """Return all that differs as one hunk."""
        lines = compared(self._before, self._after)
        changed = [at for at, line in enumerate(lines) if line[0] != " "]
        first, last = changed[0], changed[-1] + 1
        return _fields(first, first, lines[first:last])


def _trimmed(hunk: Shown, lines: list[_Line]) -> tuple[dict[str, Any], bool]:
    texts = [line.text for line in lines]
    changed = [at for at, line in enumerate(texts) if line[0] != " "]
    if not changed:
        return _fields(hunk.old, hunk.new, texts), all(line.is_sure for line in lines)
    unsure = [at for at, line in enumerate(lines) if not line.is_sure]
    first = max((at + 1 for at in unsure if at < changed[0]), default=0)
    last = min((at for at in unsure if at > changed[-1]), default=len(lines))
    is_sure = not any(first <= at < last for at in unsure)
    return _fields(hunk.old + first, hunk.new + first, texts[first:last]), is_sure


def _fields(old: int, new: int, lines: Sequence[str]) -> dict[str, Any]:
    marks = {line[0] for line in lines}
    return {
        "old_start": old + 1 if marks & {" ", "-"} else old,
        "new_start": new + 1 if marks & {" ", "+"} else new,
        "lines": list(lines),
    }


def _by_look(texts: Iterable[str]) -> dict[str, str | None]:
    """Return the lines of texts by their looks. None: several look so."""
    found: dict[str, str | None] = {}
    for line in (line for text in texts for line in text_lines(text)):
        look = _look(line)
        found[look] = line if found.get(look, line) == line else None
    return found


def _look(line: str) -> str:
    return _TABS.sub(lambda tabs: "  " * len(tabs[0]), line)


def _has_tab(text: str | None) -> bool:
    return text is not None and "\t" in text
