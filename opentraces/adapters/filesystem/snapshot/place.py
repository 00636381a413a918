"""Whether a folder may become, or is, a copy of a bucket."""

import os
from pathlib import Path
from typing import Final

from opentraces.adapters.filesystem import bucket_file
from opentraces.adapters.filesystem.entries import Entry, entries
from opentraces.adapters.filesystem.home import OURS
from opentraces.adapters.filesystem.layout import BUCKET_FILE, FOREIGN
from opentraces.adapters.filesystem.projects_file import PROJECTS_FILE
from opentraces.adapters.filesystem.tree import Tree, translated
from opentraces.domain.errors import BadRequest

SETTINGS: Final = ("config.toml", PROJECTS_FILE)
"""What of a home is copied beside its bucket: the rest is derived, or waits to be kept."""

LOCK: Final = "snapshot"
"""Held in the copy's own state while somebody writes to it."""


def check_place(home: Path, place: Path) -> None:
    """Look whether the bucket of a home may be copied to a place; changes nothing.

    Raises BadRequest, naming what is in the way; NewerFormat and Corrupt, of what is there.
    """
    with translated(str(place)):
        _refuse_inside(home, place)
        if not os.path.lexists(place):
            return
        if not place.is_dir():
            raise BadRequest(f"{place} is no folder")
    found = entries(Tree(place), "")
    for entry in found:
        if not _may_be_ours(entry):
            raise BadRequest(f"{place / entry.name} is no part of a snapshot; name another folder")
    _check_bucket(home / "bucket", place, {entry.name for entry in found})


def _refuse_inside(home: Path, place: Path) -> None:
    real = Path(os.path.realpath(place))
    for folder in (home, home / "bucket"):
        if real.is_relative_to(os.path.realpath(folder)):
            raise BadRequest(f"{place} is in {folder}, which is to be copied; name another folder")


def _may_be_ours(entry: Entry) -> bool:
    """Whether a copy, or a home that it was used as, may have made this."""
    if entry.name.removesuffix(".tmp") in SETTINGS:
        return entry.is_file
    return entry.name in OURS and entry.is_folder


def _check_bucket(bucket: Path, place: Path, found: set[str]) -> None:
    there = Tree(place / "bucket")
    names = set(there.names(""))
    if FOREIGN in names:
        raise BadRequest(f"{there.root} is the bucket of another program; name another folder")
    bucket_file.refuse_later(there.root)
    name = bucket_file.read_bucket_id(there.root)
    if name and name != bucket_file.read_bucket_id(bucket):
        raise BadRequest(f"{place} holds another bucket; name another folder")
    if name and there.root.samefile(bucket):
        raise BadRequest(f"{there.root} is what is to be copied; name another folder")
    if not name and (names - {f"{BUCKET_FILE}.tmp"} or not _is_begun(place, found)):
        raise BadRequest(f"{place} is no snapshot, and not empty; name another folder")


def _is_begun(place: Path, found: set[str]) -> bool:
    """Whether there is no more than what a first copy begins with."""
    state = Tree(place / "state")
    return found <= {"bucket", "state"} and (
        set(state.names("")) <= {"locks"} and set(state.names("locks")) <= {LOCK}
    )
