"""Claude Code's sessions, as files on this machine."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from opentraces.adapters.claude_code.files import read_pieces
from opentraces.adapters.claude_code.heads import session_of, working_directory
from opentraces.adapters.claude_code.history_file import HistoryReader, SessionPrompts, sessions_in
from opentraces.adapters.claude_code.naming import component, may_be_folder, may_be_project
from opentraces.adapters.claude_code.places import Places, configured, named
from opentraces.adapters.claude_code.session_files import (
    UNREAD,
    ProjectFolder,
    files_beside,
    folders_in,
    list_folder,
    look_into,
    source_file,
    transcript_entries,
)
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.ids import SessionId, digest
from opentraces.domain.session import Agent, FoundSession, Scope, SourceFile, SourceKind
from opentraces.ports.sessions import SessionSource


class ClaudeCodeSessions(SessionSource):
    """Reads the folders that Claude Code writes to. Follows no link below them.

    Files whose path is no UTF-8 are left out: nothing could name them.
    """

    def __init__(self, config_folders: tuple[Path, ...]) -> None:
        """Look in these configuration folders, such as `~/.claude`."""
        self._config_folders = config_folders
        self._history = HistoryReader()

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource. Ordered by the place of the first file."""
        places = named(scope.places) if scope.places else configured(self._config_folders)
        search = _Search(scope)
        if scope.places and places.histories:
            beside = tuple(Path(path).parent for path in places.histories)
            search.rule_out(configured((*self._config_folders, *beside)))
        search.look_in(places)
        if scope.places and not search.has_found:
            raise SourceUnreadable(f"{', '.join(scope.places)}: no Claude Code session in it")
        return search.sessions()

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource."""
        if file.kind is SourceKind.HISTORY:
            return self._history.read(file.location, offset)
        return read_pieces(file.location, offset)


class _Search:
    """One look for sessions."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._folders = tuple(folder.rstrip("/") or "/" for folder in scope.folders)
        self._project = scope.project.rstrip("/") or "/" if scope.project else None
        self._files: dict[str, dict[str, SourceFile]] = {}
        self._transcripts: set[str] = set()
        self._prompts: dict[str, tuple[str, SessionPrompts]] = {}

    @property
    def has_found(self) -> bool:
        """Whether there is any session, in the scope or not."""
        return bool(self._files or self._prompts)

    def rule_out(self, places: Places) -> None:
        """Take note of transcripts: what the history says of their sessions is not needed."""
        for path in places.projects:
            for entry in transcript_entries(list_folder(path)):
                self._transcripts.add(component(entry.name.removesuffix(".jsonl")))

    def look_in(self, places: Places) -> None:
        """Look in every place."""
        for closed in places.unread:
            self._add(component(closed.name), closed, None)
        for path, project in places.projects.items():
            self._look_in_project(project, places.only[path])
        for path in places.histories:
            for session, prompts in sessions_in(path, self._transcripts).items():
                self._prompts.setdefault(session, (path, prompts))

    def sessions(self) -> Iterator[FoundSession]:
        """Yield the sessions of the scope."""
        for name, (path, prompts) in self._prompts.items():
            self._add(name, prompts.source_file(path), None)
        found = [_session(name, files) for name, files in self._files.items()]
        for session in sorted(found, key=_location):
            if _has_lines(session) and self._is_meant(session):
                yield session

    def _look_in_project(self, project: ProjectFolder, only: set[str] | None) -> None:
        """Take the files of a project's folder; of one out of the scope, what sessions it has."""
        is_meant = bool(self._scope.places) or self._may_hold(project.name)
        parts = ("projects", project.name)
        entries, unread = look_into(project.path, SourceKind.TRANSCRIPT, parts)
        for closed in unread if is_meant else ():
            self._add(component(project.name), closed, only)
        for entry in transcript_entries(entries):
            is_helper = entry.name.startswith("agent-")
            if not is_helper:
                self._transcripts.add(component(entry.name.removesuffix(".jsonl")))
            if is_meant:
                kind = SourceKind.SUBAGENT if is_helper else SourceKind.TRANSCRIPT
                file = source_file(entry, kind, ("projects", project.name, entry.name))
                self._add(_session_of(entry, kind), file, only)
        for entry in folders_in(entries) if is_meant else ():
            for file in files_beside(project, entry.name):
                self._add(component(entry.name), file, only)

    def _add(self, session: str, file: SourceFile | None, only: set[str] | None) -> None:
        """Take a file; one of a name that another place has too is kept beside it."""
        if file is None or (only is not None and session not in only):
            return
        files = self._files.setdefault(session, {})
        if file.name in files:
            place = digest(str(Path(file.location).parent).encode())
            file = replace(file, name=f"{place}/{file.name}")
        files[file.name] = file

    def _may_hold(self, name: str) -> bool:
        """Whether the name of a project's folder agrees with the scope; it is not exact."""
        if self._folders and not any(may_be_folder(name, folder) for folder in self._folders):
            return False
        return self._project is None or may_be_project(name, self._project)

    def _is_meant(self, session: FoundSession) -> bool:
        is_sure = session.files[0].stamp == UNREAD or not self._scope.is_narrow
        return is_sure or self._scope.holds(self._began_in(session))

    def _began_in(self, session: FoundSession) -> str | None:
        readers: dict[SourceKind, Callable[[SourceFile], str | None]] = {
            SourceKind.TRANSCRIPT: lambda file: working_directory(file.location),
            SourceKind.SUBAGENT: lambda file: working_directory(file.location),
            SourceKind.HISTORY: lambda _: self._prompts[session.session][1].folder(),
        }
        said = (readers[file.kind](file) for file in session.files if file.kind.grows)
        return next((folder.rstrip("/") or "/" for folder in said if folder), None)


def _session_of(entry: os.DirEntry[str], kind: SourceKind) -> str:
    """Return whose transcript it is; that of a sub-agent says so in its first lines."""
    stem = entry.name.removesuffix(".jsonl")
    named = session_of(entry.path) if kind is SourceKind.SUBAGENT else None
    return component(named or stem)


def _session(name: str, files: dict[str, SourceFile]) -> FoundSession:
    ordered = sorted(files.values(), key=_rank)
    return FoundSession(Agent.CLAUDE_CODE, SessionId(name), tuple(ordered))


def _rank(file: SourceFile) -> tuple[bool, str]:
    return (file.kind is not SourceKind.TRANSCRIPT, file.name)


def _location(session: FoundSession) -> str:
    return session.location


def _has_lines(session: FoundSession) -> bool:
    return any(file.kind.grows for file in session.files)
