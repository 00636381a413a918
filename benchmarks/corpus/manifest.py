"""What is true of a corpus, known from its making and not from reading it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from benchmarks.corpus.tokens import Tokens

NAME = "manifest.json"


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileFacts(_Fact):
    """One transcript on disk."""

    path: str
    """Relative to the corpus."""

    bytes: int
    lines: int


class SessionFacts(_Fact):
    """One session: its main transcript and those of its sub-agents."""

    session_id: str
    cwd: str
    main: FileFacts
    sub_agents: tuple[FileFacts, ...]
    prompts: int
    """Typed in this session, those copied from another one not counted."""

    started_at: str
    """When its first own line could be written."""

    ended_at: str
    model: str
    fork_of: str | None
    """The session whose lines it begins with; None: it was not forked."""

    needles: tuple[str, ...]
    """The planted terms its transcripts hold, copied lines included."""

    responses: int
    tokens: Tokens
    """Of its own responses: those copied from another session are that one's."""

    @property
    def files(self) -> tuple[FileFacts, ...]:
        """Every transcript of the session."""
        return (self.main, *self.sub_agents)


class Manifest(_Fact):
    """The whole corpus."""

    seed: int
    sessions: tuple[SessionFacts, ...]
    bytes: int
    lines: int
    responses: int
    tokens: Tokens
    """Each response once, by the ids of its message and its request."""

    needles: dict[str, tuple[str, ...]]
    """Each planted term with the ids of the sessions that hold it, sorted."""

    @property
    def files(self) -> tuple[FileFacts, ...]:
        """Every transcript of the corpus."""
        return tuple(file for session in self.sessions for file in session.files)

    def save(self, corpus: Path) -> None:
        """Write the manifest into the corpus it describes."""
        (corpus / NAME).write_text(self.model_dump_json())

    @classmethod
    def load(cls, corpus: Path) -> "Manifest":
        """Read the manifest of a finished corpus.

        Raises:
            FileNotFoundError: the corpus was never finished.
        """
        return cls.model_validate_json((corpus / NAME).read_bytes())
