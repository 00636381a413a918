"""Patches in the `*** Begin Patch` grammar, wherever the model put them."""

import re
from collections.abc import Iterator
from typing import Any

BEGIN = "*** Begin Patch"
_LONGEST = 4 * 1024 * 1024
_MOST_FILES = 50
_HEAD = re.compile(r"^\*\*\* (?:(Add|Update|Delete) File|Move to): ([^\n]{1,300})", re.MULTILINE)
_MARKS = {"Add": "A", "Update": "M", "Delete": "D"}


def shape_of(tool: str, given: dict[str, Any]) -> tuple[str, str] | None:
    """Return how a call carries a patch, and the patch. None: it carries none.

    `custom`: the tool takes bare text; `function`: an argument is the patch; `shell`: a command
    hands it to `apply_patch`; `script`: JavaScript calls the tool.
    """
    texts = tuple(_texts(given))
    for value in texts:
        if BEGIN not in value or len(value) > _LONGEST:
            continue
        if tool == "apply_patch":
            return ("custom" if given.keys() == {"input"} else "function"), value
        if tool == "exec":
            return "script", value.replace("\\n", "\n")
        if any("apply_patch" in each or "applypatch" in each for each in texts):
            return "shell", value
    return None


def files_of(patch: str) -> str:
    """Return the files a patch is about, one a line: `M a.py`, `A b`, `D c`, `R a.py -> d`."""
    rows: list[str] = []
    for mark, path in _heads(patch[patch.index(BEGIN) :]):
        if mark == "R" and rows:
            rows[-1] = f"R {rows[-1][2:]} -> {path}"
        elif mark != "R" and len(rows) < _MOST_FILES:
            rows.append(f"{mark} {path}")
    return "\n".join(rows)


def _heads(patch: str) -> Iterator[tuple[str, str]]:
    for found in _HEAD.finditer(patch):
        yield _MARKS.get(found[1], "R"), found[2].strip()


def _texts(given: dict[str, Any]) -> Iterator[str]:
    for value in given.values():
        if type(value) is str:
            yield value
        elif type(value) is list:
            yield from (each for each in value if type(each) is str)
