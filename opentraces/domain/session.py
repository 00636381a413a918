"""A session as its agent left it on this machine: which files, how large, of what kind."""

from collections.abc import Iterable
from enum import StrEnum

from opentraces.domain.agent import Agent as Agent
from opentraces.domain.ids import SessionId
from opentraces.domain.slotted import frozen_dataclass


class SourceKind(StrEnum):
    """What a file of a session is."""

    TRANSCRIPT = "transcript"
    """The session's own lines. Grows."""

    SUBAGENT = "subagent"
    """The lines of an agent that the session started. Grows."""

    HISTORY = "history"
    """Prompts of a session whose transcript is gone, out of a file shared by all. Grows."""

    HOOKS = "hooks"
    """What hooks wrote down while the session ran. Grows; no line of it is a step."""

    TELEMETRY = "telemetry"
    """What the agent told over OTLP while the session ran. Grows; no line of it is a step."""

    NOTE = "note"
    """A small file beside a transcript, such as a sub-agent's meta file. Written whole."""

    OUTPUT = "output"
    """A tool's output that the agent wrote to a file of its own. Written whole."""

    BODY = "body"
    """What a provider was sent, whole, where the user asked for that. Written whole."""

    @property
    def grows(self) -> bool:
        """Whether it is lines, appended to; the others are written whole and kept as blobs."""
        return self.has_steps or self.is_spooled

    @property
    def is_spooled(self) -> bool:
        """Whether it waits in a spool of ours, which nothing else has, and goes once it is kept."""
        return self in (SourceKind.HOOKS, SourceKind.TELEMETRY)

    @property
    def has_steps(self) -> bool:
        """Whether its lines are read for steps."""
        return self in (SourceKind.TRANSCRIPT, SourceKind.SUBAGENT, SourceKind.HISTORY)


@frozen_dataclass
class SourceFile:
    """One file of a session, as it was found."""

    name: str
    """Where a restore puts it: relative, with `/`, never `..`; the same on every run."""

    kind: SourceKind
    """What it is."""

    location: str
    """Where its agent keeps it: for messages, and for the SessionSource that found it."""

    size: int
    """Bytes, when found; it may have grown since."""

    stamp: str
    """Differs when the file may have changed; equal means unchanged. Opaque."""


@frozen_dataclass
class FoundSession:
    """One session and all its files."""

    agent: Agent
    """Whose."""

    session: SessionId
    """The agent's own id for it."""

    files: tuple[SourceFile, ...]
    """Every file, the transcript first, the rest by name; never empty."""

    @property
    def location(self) -> str:
        """Where its first file is: what a message to the user names."""
        return self.files[0].location

    @property
    def size(self) -> int:
        """Bytes of all files, when found."""
        return sum(file.size for file in self.files)


@frozen_dataclass
class Scope:
    """Which sessions of an agent are meant; all fields together, empty means all."""

    folders: tuple[str, ...] = ()
    """Absolute working directories: only sessions that began in one of them or below."""

    places: tuple[str, ...] = ()
    """Files and folders to look in, instead of where the agent keeps its sessions."""

    project: str | None = None
    """Only sessions whose working directory is this path, or is named so. None: all."""

    @property
    def is_narrow(self) -> bool:
        """Whether it matters in which folder a session began."""
        return bool(self.folders or self.project)

    def holds(self, folder: str | None) -> bool:
        """Whether a session that began in a folder is meant. None: nobody knows where it began."""
        if not self.is_narrow:
            return True
        if folder is None or (self.folders and not is_inside(folder, self.folders)):
            return False
        folder = folder.rstrip("/") or "/"
        project = self.project.rstrip("/") or "/" if self.project else None
        return project in (None, folder, folder.rpartition("/")[2])


def is_inside(folder: str | None, outer: Iterable[str]) -> bool:
    """Whether a folder is one of some, or below one. None: it is in none."""
    return folder is not None and any(
        f"{folder.rstrip('/')}/".startswith(f"{each.rstrip('/')}/") for each in outer
    )
