"""Changes to files while their step is open: as values that JSON can hold, by the call."""

import re
from collections.abc import Mapping
from posixpath import normpath
from typing import Any

from opentraces.domain.built import built
from opentraces.domain.moments import milliseconds
from opentraces.domain.trail.file_change import FileChange

NO_CALL = ""
"""Stands for the call where none is known."""

Held = dict[str, list[dict[str, Any]]]
"""By the call: the fields of a FileChange of each file, but for `call` and `number`."""

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def changes_of(held: Mapping[str, list[dict[str, Any]]]) -> tuple[FileChange, ...]:
    """Return the changes of all calls, those of each numbered in their order."""
    return tuple(
        built(FileChange, {"call": call or None, "number": number, **fields})
        for call, files in held.items()
        for number, fields in enumerate(files)
    )


def text_place(offset: int, length: int, *way: str | int) -> dict[str, Any]:
    """Return a TextPlace's fields; `way` leads from the line's object to the string."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in way)
    return {"offset": offset, "length": length, "pointer": "".join(f"/{step}" for step in steps)}


def resolved(path: str, folder: str | None) -> str:
    """Return a path without `.` and `..`: absolute, if it or the folder it is relative to is."""
    if _WINDOWS.match(path):
        return path
    if path.startswith("/"):
        return "/" + normpath(path).lstrip("/")
    if folder is None or not folder.startswith("/"):
        return normpath(path)
    return "/" + normpath(f"{folder}/{path}").lstrip("/")


def moment_of(stamp: str | None, otherwise: int) -> int | None:
    """Return when something was told, in milliseconds since 1970; 0 in `otherwise` is not said."""
    moment = milliseconds(stamp)
    if moment is not None and moment >= 0:
        return moment
    return otherwise or None
