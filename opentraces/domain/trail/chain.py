"""What one file of one worktree held from moment to moment, and who wrote it."""

from collections import Counter
from dataclasses import dataclass, field

from opentraces.domain.trail.action import Action
from opentraces.domain.trail.applying import applied, unapplied
from opentraces.domain.trail.fragments import Fragment, claimed, fragment
from opentraces.domain.trail.owners import NEW, NOBODY, UNKNOWN, OwnedText, Owner, owner
from opentraces.domain.trail.text import Edits, lines_of
from opentraces.domain.trail.writings import Writings


@dataclass
class Chain:
    """The states of a file, in the order in which they were seen."""

    path: str
    """The file."""

    edits: Edits
    """How texts are compared."""

    writings: Writings
    """Where it is noted what was written, and what was seen to be gone."""

    states: list[OwnedText] = field(default_factory=list)
    """Everything it was seen to hold."""

    fragments: list[Fragment] = field(default_factory=list)
    """What patches wrote into it at places that were not told."""

    waiting: list[Fragment] = field(default_factory=list)
    """Those of them that are not in the latest state yet."""

    @property
    def latest(self) -> OwnedText | None:
        """What it held when it was last seen. None: it was not seen whole yet."""
        return self.states[-1] if self.states else None

    def take(self, action: Action, number: int | None) -> None:
        """Take what happened to the file; `number` of its patch. None: it has none."""
        if action.operation == "read":
            self._see(action.after, action.moment)
            return
        self._see(_before(action), action.moment)
        if number is None:
            self._see(self._after(action), action.moment)
            return
        after = self._after(action)
        if after is None or _is_partly_told(action):
            part = fragment(number, action.moment, action.hunks, self.edits)
            self._take_fragment(part, action)
            self._see(after, action.moment)
        else:
            self._write(after, action, number)

    def go_on_from(self, other: "Chain") -> None:
        """Go on from what another file held, which was moved here."""
        if other.latest is not None:
            self.states.append(other.latest)
            other.states.append(OwnedText(b"", [], other.latest.moment))
        self.fragments += other.fragments
        self.waiting += other.waiting

    def _see(self, text: bytes | None, moment: int) -> None:
        """Take what the file was seen to hold. None: it was not seen."""
        latest = self.latest
        if text is None or (latest is not None and latest.text == text and not self.waiting):
            return
        owners = self._carried(text, moment)
        came = NOBODY if latest is not None else UNKNOWN
        lines = lines_of(text)
        new = [line for line, who in zip(lines, owners, strict=True) if who == NEW]
        self.writings.came(self.path, moment, new if latest is not None else ())
        self._keep(text, [came if who == NEW else who for who in owners], moment)

    def _carried(self, text: bytes, moment: int) -> list[Owner]:
        """Return the owners of what it holds now; note whose lines are gone."""
        latest, lines = self.latest, lines_of(text)
        owners = latest.carried(text, self.edits) if latest else [NEW] * len(lines)
        owners = claimed(owners, lines, self.waiting)
        were = set(latest.owners) if latest else set()
        for each in self.waiting:
            were |= each.owners
        self.writings.went(were - set(owners), moment)
        return owners

    def _keep(self, text: bytes, owners: list[Owner], moment: int) -> None:
        self.waiting = []
        self.states.append(OwnedText(text, owners, moment))

    def _after(self, action: Action) -> bytes | None:
        """Return what the file held then. None: not told, and it does not follow."""
        if action.operation == "delete":
            return b""
        if action.after is not None:
            return action.after
        if not action.hunks:
            return None
        before, latest = _before(action), self.latest
        if before is not None:
            return applied(before, action.hunks)
        if latest is None or self.waiting:
            return None
        return applied(latest.text, action.hunks, is_old=True)

    def _write(self, text: bytes, action: Action, number: int) -> None:
        """Take what a patch made of the file."""
        before = self.latest
        owners, lines = self._carried(text, action.moment), lines_of(text)
        wrote: list[bytes] = []
        for at, who in enumerate(owners):
            if who == NEW:
                owners[at] = owner(number, len(wrote))
                wrote.append(lines[at])
        went = (before.counts + Counter(wrote)) - Counter(lines) if before else Counter()
        held = before.lines if before else ()
        self.writings.wrote(self.path, number, wrote, held, went.elements())
        self._keep(text, owners, action.moment)

    def _take_fragment(self, part: Fragment, action: Action) -> None:
        """Take what a patch wrote somewhere into the file."""
        wrote = [line for _, run in part.runs for line in run]
        before = [line.encode("utf-8", "replace") for each in action.hunks for line in each.before]
        went = [line.encode("utf-8", "replace") for each in action.hunks for line in each.removed]
        self.writings.wrote(self.path, part.patch, wrote, before, went)
        self.fragments.append(part)
        self.waiting.append(part)


def _before(action: Action) -> bytes | None:
    """Return what the file held before. None: not told, and it does not follow."""
    if action.had_file is False:
        return b""
    if action.before is None and action.after is not None and action.hunks:
        return unapplied(action.after, action.hunks)
    return action.before


def _is_partly_told(action: Action) -> bool:
    """Whether the rest of the file may have been changed by others before."""
    is_told = action.operation == "edit" and action.after is not None and bool(action.hunks)
    return is_told and _before(action) is None
