"""Where sessions are: the agent's own folders, or whatever place a user names."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from opentraces.adapters.claude_code.heads import is_transcript, session_of
from opentraces.adapters.claude_code.naming import component
from opentraces.adapters.claude_code.session_files import (
    ProjectFolder,
    folders_in,
    is_session_folder,
    list_folder,
    transcript_entries,
)
from opentraces.domain.errors import SourceUnreadable

HISTORY = "history.jsonl"
"""The file of a configuration folder that holds the prompts of all sessions."""

_PROJECTS = "projects"
_DEEPEST = 8
_MOST_FOLDERS = 20_000
_NEVER_INSIDE = frozenset((".git", "node_modules", ".venv"))


@dataclass(slots=True)
class Places:
    """Folders and files to look in."""

    projects: dict[str, ProjectFolder] = field(default_factory=dict)
    """Folders of projects, by path."""

    only: dict[str, set[str] | None] = field(default_factory=dict)
    """Sessions that are meant, by path of the project's folder. None: all in it."""

    histories: dict[str, None] = field(default_factory=dict)
    """Files with prompts."""

    def add_project(self, path: str, only: set[str] | None = None) -> None:
        """Add the folder of a project, or more of its sessions."""
        self.projects[path] = ProjectFolder(path, Path(path).name)
        before = self.only.get(path, set())
        self.only[path] = None if only is None or before is None else before | only

    def add_config(self, path: str) -> None:
        """Add a configuration folder."""
        for entry in folders_in(list_folder(f"{path}/{_PROJECTS}")):
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
        path = Path(text).absolute()
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
        for number, (folder, inside) in enumerate(_walk(str(path), _DEEPEST)):
            if number >= _MOST_FOLDERS:
                break
            _add_folder(places, folder, inside)
    return places


def _add_file(places: Places, path: Path) -> None:
    if path.name == HISTORY:
        places.histories[str(path)] = None
    elif path.suffix != ".jsonl":
        return
    elif "subagents" in path.parts:
        session = _above(path, "subagents")
        places.add_project(str(session.parent), {component(session.name)})
    elif path.name.startswith("agent-"):
        places.add_project(str(path.parent), {component(session_of(str(path)) or path.stem)})
    else:
        places.add_project(str(path.parent), {component(path.stem)})


def _above(path: Path, name: str) -> Path:
    """Return the folder that holds the one of this name."""
    at = len(path.parts) - 1 - path.parts[::-1].index(name)
    return Path(*path.parts[:at])


def _walk(path: str, depth: int) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """Yield folders from the top; nothing below one that `_is_complete` is looked at."""
    entries = list_folder(path)
    yield path, entries
    if depth > 1 and not _is_complete(path, entries):
        for entry in folders_in(entries):
            if entry.name not in _NEVER_INSIDE:
                yield from _walk(entry.path, depth - 1)


def _is_complete(path: str, entries: list[os.DirEntry[str]]) -> bool:
    """Whether a folder's sessions are found by its name alone."""
    names = {entry.name for entry in folders_in(entries)}
    folder, name = os.path.split(path)
    is_project = Path(folder).name == _PROJECTS
    return _PROJECTS in names or name == _PROJECTS or is_project or is_session_folder(path)


def _add_folder(places: Places, path: str, entries: list[os.DirEntry[str]]) -> None:
    folder, name = os.path.split(path)
    if any(entry.name == _PROJECTS for entry in folders_in(entries)):
        places.add_config(path)
    elif name == _PROJECTS:
        for entry in folders_in(entries):
            places.add_project(entry.path)
    elif is_session_folder(path):
        places.add_project(folder, {component(name)})
    elif Path(folder).name == _PROJECTS:
        places.add_project(path)
    else:
        sessions = _sessions_of(entries)
        if sessions:
            places.add_project(path, sessions)


def _sessions_of(entries: list[os.DirEntry[str]]) -> set[str]:
    """Return the sessions among the files of any folder: it may hold other people's files."""
    sessions = set()
    for entry in transcript_entries(entries):
        if is_transcript(entry.path):
            is_helper = entry.name.startswith("agent-")
            stem = entry.name.removesuffix(".jsonl")
            sessions.add(component(session_of(entry.path) or stem if is_helper else stem))
    return sessions
