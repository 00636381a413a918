"""The files of sessions in one folder of a project. Regular files only; nothing is opened."""

import os
import re
from collections.abc import Iterable, Iterator

from opentraces.adapters.claude_code.naming import relative_name
from opentraces.domain.session import SourceFile, SourceKind
from opentraces.domain.slotted import frozen_dataclass

UNREAD = "unread"
"""The stamp of what stands for a folder that cannot be looked into."""

_DEEPEST = 6
_LARGEST_WHOLE = 256 * 1024 * 1024
_WORKFLOW = re.compile(r"wf_.*\.json\Z", re.DOTALL)


@frozen_dataclass
class ProjectFolder:
    """One folder below `projects`."""

    path: str
    """Where it is."""

    name: str
    """Its own name, which stands in the names of kept files."""


def list_folder(path: str) -> list[os.DirEntry[str]]:
    """Return what is in a folder, by name; nothing when it cannot be read."""
    try:
        return _listed(path)
    except OSError:
        return []


def look_into(
    path: str, kind: SourceKind, parts: tuple[str, ...]
) -> tuple[list[os.DirEntry[str]], list[SourceFile]]:
    """Return what is in a folder, by name.

    One that is there and cannot be read is a file by the name `parts`, which cannot be read
    either: its session is reported, and no part of it goes missing in silence.
    """
    try:
        return _listed(path), []
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    except OSError:
        return [], [SourceFile(relative_name(parts), kind, path, 0, UNREAD)]


def transcript_entries(entries: Iterable[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    """Yield the files that are transcripts by name."""
    for entry in entries:
        if entry.name.endswith(".jsonl") and len(entry.name) > len(".jsonl") and _is_file(entry):
            yield entry


def source_file(
    entry: os.DirEntry[str], kind: SourceKind, parts: tuple[str, ...]
) -> SourceFile | None:
    """Return a file that is kept under the name `parts`. None: it is none that can be kept."""
    try:
        stat = entry.stat(follow_symlinks=False)
        entry.path.encode()
    except (OSError, UnicodeEncodeError):
        return None
    if not kind.grows and stat.st_size > _LARGEST_WHOLE:
        return None
    stamp = f"{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}"
    return SourceFile(relative_name(parts), kind, entry.path, stat.st_size, stamp)


def files_beside(project: ProjectFolder, session: str) -> Iterator[SourceFile]:
    """Yield the files in the folder of a session: sub-agents, notes, spilled outputs."""
    parts = ("projects", project.name, session)
    path = f"{project.path}/{session}"
    entries, unread = look_into(path, SourceKind.NOTE, parts)
    yield from unread
    for entry in entries:
        if not _is_folder(entry):
            continue
        inside = (*parts, entry.name)
        if entry.name == "subagents":
            yield from _subagents(entry.path, inside, _DEEPEST)
        elif entry.name == "tool-results":
            yield from _outputs(entry.path, inside)
        elif entry.name == "workflows":
            yield from _workflows(entry.path, inside)


def is_session_folder(path: str) -> bool:
    """Whether a folder is that of one session."""
    return any(
        entry.name in ("subagents", "tool-results", "workflows") and _is_folder(entry)
        for entry in list_folder(path)
    )


def folders_in(entries: Iterable[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    """Yield the folders, links left out."""
    return (entry for entry in entries if _is_folder(entry))


def _subagents(path: str, parts: tuple[str, ...], depth: int) -> Iterator[SourceFile]:
    entries, unread = look_into(path, SourceKind.NOTE, parts)
    yield from unread
    for entry in entries:
        inside = (*parts, entry.name)
        kind = _kind_of(entry.name)
        if kind is not None and _is_file(entry):
            yield from _some(source_file(entry, kind, inside))
        elif depth > 1 and _is_folder(entry):
            yield from _subagents(entry.path, inside, depth - 1)


def _kind_of(name: str) -> SourceKind | None:
    if name.endswith(".jsonl") and name.startswith("agent-"):
        return SourceKind.SUBAGENT
    if name == "journal.jsonl" or name.endswith(".meta.json") or _WORKFLOW.match(name):
        return SourceKind.NOTE
    return None


def _outputs(path: str, parts: tuple[str, ...]) -> Iterator[SourceFile]:
    entries, unread = look_into(path, SourceKind.NOTE, parts)
    yield from unread
    for entry in entries:
        if _is_file(entry):
            yield from _some(source_file(entry, SourceKind.OUTPUT, (*parts, entry.name)))


def _workflows(path: str, parts: tuple[str, ...]) -> Iterator[SourceFile]:
    entries, unread = look_into(path, SourceKind.NOTE, parts)
    yield from unread
    for entry in entries:
        if _WORKFLOW.match(entry.name) and _is_file(entry):
            yield from _some(source_file(entry, SourceKind.NOTE, (*parts, entry.name)))


def _some(file: SourceFile | None) -> Iterator[SourceFile]:
    if file is not None:
        yield file


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file(follow_symlinks=False)
    except OSError:
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _listed(path: str) -> list[os.DirEntry[str]]:
    with os.scandir(path) as found:
        return sorted(found, key=_name)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
