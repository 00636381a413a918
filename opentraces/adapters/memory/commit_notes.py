"""What hooks noted, in memory."""

from opentraces.domain.trail.noted_commits import NotedCommits, read_notes
from opentraces.ports.commit_notes import CommitNotes


class MemoryCommitNotes(CommitNotes):
    """The lines of each repository that hooks may add to."""

    def __init__(self, lines: dict[str, bytes] | None = None) -> None:
        """`lines`: by the folder of a repository's objects; they are changed in place."""
        self.lines = {} if lines is None else lines

    def read(self, repository: str) -> NotedCommits:
        """See CommitNotes."""
        return read_notes(self.lines.get(repository, b""))

    def clear(self, repository: str, noted: NotedCommits) -> None:
        """See CommitNotes."""
        if len(self.lines.get(repository, b"")) <= noted.length and repository in self.lines:
            self.lines[repository] = b""
