"""Patches in the `*** Begin Patch` grammar, wherever the model put them."""

import re
from collections.abc import Iterator
from typing import Any

from opentraces.adapters._reading.changed_files import resolved
from opentraces.adapters._reading.patch_text import BEGIN
from opentraces.adapters._reading.values import name
from opentraces.adapters.codex_cli.scripts import literals_with

_LONGEST = 4 * 1024 * 1024
_MOST_FILES = 50
_HEAD = re.compile(r"^\*\*\* (?:(Add|Update|Delete) File|Move to): ([^\n]{1,300})", re.MULTILINE)
_MARKS = {"Add": "A", "Update": "M", "Delete": "D"}
_FOLDERS = ("workdir", "working_directory", "cwd")
_CD = re.compile(
    r"\s*cd\s+(?:'([^'\n]{1,4096})'|\"([^\"\n$`\\]{1,4096})\"|([^\s;&|'\"$`\\~*?]{1,4096}))"
    r"\s*(?:&&|;)\s*(?:apply_patch|applypatch)\b"
)
_MOVES = re.compile(r"(?:^|[\s;&|(])(?:cd|pushd|popd)\s")


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


def patches_in(tool: str, given: dict[str, Any]) -> list[str]:
    """Return the patches that a call carries, each from its first line on."""
    found = shape_of(tool, given)
    if found is None:
        return []
    shape, value = found
    if shape == "script":
        script = given.get("input")
        return literals_with(script, BEGIN) if type(script) is str else []
    return [BEGIN + part for part in value.split(BEGIN)[1:]]


def folder_of(tool: str, given: dict[str, Any], folder: str | None) -> str | None:
    """Return what the paths in a call's patch are relative to; `folder`: where the turn runs.

    None: that is not told, because a command goes to other places before.
    """
    named = next(filter(None, (name(given.get(key)) for key in _FOLDERS)), None)
    if named is not None:
        folder = resolved(named, folder)
    found = shape_of(tool, given)
    if found is None or found[0] != "shell":
        return folder
    before = found[1].partition(BEGIN)[0]
    moved = _CD.match(before)
    if moved is not None:
        return resolved(moved[1] or moved[2] or moved[3], folder)
    return None if _MOVES.search(before) else folder


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
