"""The real sessions of tests/data, as sources."""

from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.claude_code.sessions import ClaudeCodeSessions
from opentraces.domain.session import FoundSession, Scope, SourceFile, SourceKind
from tests.contracts.trace_parser import Read, Source, read

DATA = Path(__file__).parents[3] / "data" / "claude-code"
FOLDERS = sorted(path.name for path in DATA.iterdir() if (path / "projects").is_dir())


def sessions(folder: str) -> dict[str, FoundSession]:
    """Return the sessions of one folder of tests/data, by id."""
    source = ClaudeCodeSessions((DATA / folder,))
    return {str(found.session): found for found in source.discover(Scope())}


def sources(session: FoundSession) -> Iterator[Source]:
    """Yield the files of a session that grow, with its notes."""
    notes = {file.name: _bytes(file) for file in session.files if file.kind is SourceKind.NOTE}
    for file in session.files:
        if file.kind.grows:
            yield Source(file, _bytes(file), notes)


def every_source() -> dict[str, Source]:
    """Return all of them, by folder and the end of the file's name."""
    return {
        f"{folder}/{source.file.name.rpartition('/')[2][:14]}": source
        for folder in FOLDERS
        for session in sessions(folder).values()
        for source in sources(session)
    }


def read_session(folder: str, session: str) -> dict[str, Read]:
    """Parse every source of a session, by file name without its suffix."""
    parser = ClaudeCodeParser()
    found = next(each for name, each in sessions(folder).items() if name.startswith(session))
    return {
        source.file.name.rpartition("/")[2].removesuffix(".jsonl"): read(parser, source)
        for source in sources(found)
    }


def _bytes(file: SourceFile) -> bytes:
    return Path(file.location).read_bytes()
