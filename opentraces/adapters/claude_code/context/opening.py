"""What Claude Code tells the model before all else, of which the transcript holds the day only."""

from opentraces.adapters._reading.values import text
from opentraces.adapters.claude_code.context.merging import Heard, Way
from opentraces.adapters.claude_code.context.pieces import Line, Piece
from opentraces.domain.slotted import mutable_dataclass

_WORDS = (
    "<system-reminder>\nAs you answer the user's questions, you can use the following context:\n"
    "# currentDate\nToday's date is {date}.\n\n"
    "      IMPORTANT: this context may or may not be relevant to your tasks. You should not "
    "respond to this context unless it is highly relevant to your task.\n</system-reminder>\n"
)
_DAY = len("2026-11-23")
_RELEASES = "2.1."


@mutable_dataclass
class Opening:
    """The first words of a conversation, or of what goes on after a compaction.

    They are as in a project without instructions of its own: those are in no transcript.
    """

    is_due: bool = True
    """Whether they were not said yet."""

    day: str | None = None
    """The day in UTC. None: nothing was said yet, or in a release whose words are not known."""

    def note(self, line: Line) -> None:
        """Note the day of a line, if it is the first."""
        if self.day is not None or not self.is_due:
            return
        stamp, release = text(line.value.get("timestamp")), text(line.value.get("version"))
        if stamp and release and release.startswith(_RELEASES):
            self.day = stamp[:_DAY]

    def taken(self, heard: list[Heard]) -> Piece | None:
        """Return the words, if they are not among what was heard; they are said once."""
        self.is_due = False
        if self.day is None or any(each.way is Way.FOLDED for each in heard):
            return None
        words = _WORDS.format(date=self.day)
        return Piece(words, words)

    def saved(self) -> list[bool | str | None]:
        """Return it as JSON values."""
        return [self.is_due, self.day]

    @classmethod
    def restored(cls, saved: list[bool | str | None]) -> "Opening":
        """Become what `saved` was called on."""
        is_due, day = saved
        return cls(bool(is_due), day if isinstance(day, str) else None)
