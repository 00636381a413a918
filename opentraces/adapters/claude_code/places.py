"""Where sessions are: the agent's own folders, or whatever place a user names."""

import os
from collections.abc import Iterator
from dataclasses import field
from itertools import chain, islice
from pathlib import Path

from opentraces.adapters.claude_code.heads import is_history, is_transcript, session_of
from opentraces.adapters.claude_code.naming import component
from opentraces.adapters.claude_code.session_files import (
    ProjectFolder,
    folders_in,
    is_session_folder,
    list_folder,
    look_into,
    transcript_entries,
)
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.session import SourceFile, SourceKind
from opentraces.domain.slotted import mutable_dataclass

HISTORY = "history.jsonl"
"""The file of a configuration folder that holds the prompts of all sessions."""

_PROJECTS = "projects"
_DEEPEST = 8
_MOST_FOLDERS = 20_000
_NEVER_INSIDE = frozenset((".git", "node_modules", ".venv"))


@mutable_dataclass
class Places:
    """Folders and files to look in."""

    projects: dict[str, ProjectFolder] = field(default_factory=dict)
    """Folders of projects, by path."""

    only: dict[str, set[str] | None] = field(default_factory=dict)
    """Sessions that are meant, by path of the project's folder. None: all in it."""

    histories: dict[str, None] = field(default_factory=dict)
    """Files with prompts."""

    unread: list[SourceFile] = field(default_factory=list)
    """What stands for folders of projects that cannot be looked into."""

    def add_project(self, path: str, only: set[str] | None = None) -> None:
        """Add the folder of a project, or more of its sessions."""
        self.projects[path] = ProjectFolder(path, Path(path).name)
        before = self.only.get(path, set())
        self.only[path] = None if only is None or before is None else before | only

    def add_config(self, path: str) -> None:
        """Add a configuration folder."""
        projects = f"{path}/{_PROJECTS}"
        entries, unread = look_into(projects, SourceKind.TRANSCRIPT, (_PROJECTS,))
        self.unread += unread
        for entry in folders_in(entries):
            self.add_project(entry.path)
        if Path(path, HISTORY).is_file():
            self.histories[f"{path}/{HISTORY}"] = None


def configured(folders: tuple[Path, ...]) -> Places:
    """Return what is in the agent's own folders."""
    places = Places()
    for folder in folders:
        places.add_config(str(folder))
    return places


def named(texts: tuple[str, ...]) -> Places:
    """Return what a user named. Raises SourceUnreadable when one of them holds no session."""
    places = Places()
    for text in texts:
        path = Path(os.path.realpath(text))
        found = _found_at(path)
        if not found.projects and not found.histories:
            why = "no Claude Code session in it" if path.exists() else "not there"
            raise SourceUnreadable(f"{text}: {why}")
        for project, only in found.only.items():
            places.add_project(project, only)
        places.histories |= found.histories
    return places


def _found_at(path: Path) -> Places:
    places = Places()
    if path.is_file():
        _add_file(places, path)
    elif path.is_dir():
        linked = path / _PROJECTS
        roots = [str(path), os.path.realpath(linked)] if linked.is_symlink() else [str(path)]
        folders = chain.from_iterable(_walk(root, _DEEPEST) for root in roots)
        for folder, entries in islice(folders, _MOST_FOLDERS):
            _add_folder(places, folder, entries)
    return places


def _add_file(places: Places, path: Path) -> None:
    if path.name == HISTORY:
        places.histories[str(path)] = None
    elif path.suffix != ".jsonl":
        return
    elif (session := _session_folder_above(path)) is not None:
        places.add_project(str(session.parent), {component(session.name)})
    elif path.name.startswith("agent-"):
        places.add_project(str(path.parent), {component(session_of(str(path)) or path.stem)})
    else:
        places.add_project(str(path.parent), {component(path.stem)})


def _session_folder_above(path: Path) -> Path | None:
    """Return the folder of the session that a sub-agent's file is in. None: it is in none."""
    if not path.name.startswith(("agent-", "journal.")):
        return None
    above = (folder.parent for folder in path.parents if folder.name == "subagents")
    return next(above, None)


def _walk(path: str, depth: int) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """Yield folders from the top, but for what is inside the folder of a session."""
    if is_session_folder(path):
        yield path, []
        return
    entries = list_folder(path)
    yield path, entries
    if depth > 1:
        for entry in folders_in(entries):
            if entry.name not in _NEVER_INSIDE:
                yield from _walk(entry.path, depth - 1)


def _add_folder(places: Places, path: str, entries: list[os.DirEntry[str]]) -> None:
    """Add a folder's sessions, told by what is in the files: it may hold other people's."""
    if not entries and is_session_folder(path):
        folder, name = os.path.split(path)
        places.add_project(folder, {component(name)})
        return
    sessions = set()
    for entry in transcript_entries(entries):
        if entry.name == HISTORY and is_history(entry.path):
            places.histories[entry.path] = None
        elif is_transcript(entry.path):
            is_helper = entry.name.startswith("agent-")
            stem = entry.name.removesuffix(".jsonl")
            sessions.add(component(session_of(entry.path) or stem if is_helper else stem))
    if sessions:
        places.add_project(path, sessions)
