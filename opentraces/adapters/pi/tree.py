"""The tree of a session's entries: which of its steps are on the active branch.

Each entry goes on from a parent. The last one of the file is where the session stands, and the way
from it to the root is the active branch. An id that stands twice is one entry.
"""

from bisect import bisect_left
from dataclasses import field, fields
from typing import Any

from opentraces.domain.slotted import mutable_dataclass

_NONE = -1
_MOST_TURNS = 10_000
_ROOT = "root"


@mutable_dataclass
class Tree:
    """Entries by place, from 0, in the order of the file; every field is what JSON can hold."""

    ids: list[str | None] = field(default_factory=list)
    """What each is called. None: it has no id."""

    nearest: list[int] = field(default_factory=list)
    """The step that each is, or that is the next above it; -1: none is."""

    elsewhere: dict[str, str | int | None] = field(default_factory=dict)
    """The parent, by place, of those that do not follow the one before: its id, or its place where
    it has none. None: it is a root."""

    begun: list[int] = field(default_factory=list)
    """By step: the entry it began with."""

    turns: list[list[Any]] = field(default_factory=list)
    """Entries that went on from another place than the last entry: the place, where the branch was
    left, and whether it is summed up."""

    leaf: int = _NONE
    """Where the session stands."""

    labels: dict[str, str] = field(default_factory=dict)
    """Names that the user gave, by the id of the entry."""

    edits: list[list[Any]] = field(default_factory=list)
    """What the model was shown otherwise: id of the entry, and whether it was dropped."""

    _places: dict[str, int] = field(default_factory=dict)

    def place(self, entry: dict[str, Any], own: str | None, parent: str | None) -> bool:
        """Put the next entry in its place; False: it stands there already.

        Without the key `parentId` it follows the one before, as in files that know no branches.
        """
        if own is not None and own in self._places:
            self.leaf = self._places[own]
            return False
        at = len(self.ids)
        over: int | None = self.leaf
        if "parentId" in entry:
            over = self._places.get(parent) if parent is not None else _NONE
        if over != at - 1:
            self.elsewhere[str(at)] = parent if "parentId" in entry else self.leaf
        if over != self.leaf:
            self._turn(at, entry)
        self.ids.append(own)
        self.nearest.append(self.nearest[over] if over is not None and over >= 0 else _NONE)
        if own is not None:
            self._places[own] = at
        self.leaf = at
        return True

    def forget_turn(self) -> None:
        """Let the last entry be no turn: it is another session's."""
        if self.turns and self.turns[-1][0] == self.leaf:
            del self.turns[-1]

    def begin(self, step: int) -> None:
        """Note that the last entry began a step, or another one."""
        self.begun += [self.leaf] * (step + 1 - len(self.begun))
        self.nearest[self.leaf] = step

    def belong(self, step: int) -> None:
        """Note that the last entry is a part of a step."""
        self.nearest[self.leaf] = step

    def above(self, at: int) -> int:
        """Return the parent of an entry, by place; -1: it has none that is known."""
        over = self.elsewhere.get(str(at), at - 1)
        if type(over) is int:
            return over
        return self._places.get(over, _NONE) if type(over) is str else _NONE

    def is_orphan(self, at: int) -> bool:
        """Whether an entry names a parent that is not there."""
        return type(self.elsewhere.get(str(at))) is str and self.above(at) < 0

    def place_of(self, entry: str | None) -> int | None:
        """Return the place of an entry. None: there is none of that id."""
        return self._places.get(entry) if entry is not None else None

    def step_of(self, entry: str | None) -> int | None:
        """Return the step that an entry is, or that is the next above it. None: none is."""
        at = self._places.get(entry, _NONE) if entry is not None else _NONE
        step = self.nearest[at] if at >= 0 else _NONE
        return step if step >= 0 else None

    def branching(self) -> dict[str, Any]:
        """Return a Branching's fields."""
        labels = ((self.step_of(entry), label) for entry, label in self.labels.items())
        edits = ((self.step_of(entry), is_dropped) for entry, is_dropped in self.edits)
        return {
            "inactive": self._inactive(),
            "transitions": [self._transition(number) for number in range(len(self.turns))],
            "labels": [{"ordinal": at, "label": said} for at, said in labels if at is not None],
            "context_edits": [
                {"ordinal": at, "is_dropped": said} for at, said in edits if at is not None
            ],
        }

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        names = [each.name for each in fields(self) if each.name != "_places"]
        return {name: getattr(self, name) for name in names}

    @classmethod
    def restored(cls, saved: dict[str, Any]) -> "Tree":
        """Return what `saved` was called on."""
        tree = cls(**saved)
        tree._places = {own: at for at, own in enumerate(tree.ids) if own is not None}
        return tree

    def _turn(self, at: int, entry: dict[str, Any]) -> None:
        if not self.ids or len(self.turns) >= _MOST_TURNS:
            return
        is_summary = entry.get("type") == "branch_summary"
        left = entry.get("fromId") if is_summary else None
        is_told = type(left) is str and left not in ("", _ROOT, entry.get("parentId"))
        self.turns.append([at, left if is_told else None, is_summary])

    def _fork(self, at: int, step: int) -> int | None:
        """Return the step before `step` that an entry goes on from. None: none is."""
        over = self.above(at)
        fork = self.nearest[over] if over >= 0 else _NONE
        return fork if 0 <= fork < step else None

    def _active(self) -> bytearray:
        """Mark the entries of the active branch. A way that comes back to itself ends there."""
        active = bytearray(len(self.ids))
        at = self.leaf
        while at >= 0 and not active[at]:
            active[at] = 1
            at = self.above(at)
        return active

    def _inactive(self) -> list[dict[str, int | None]]:
        active = self._active()
        starts = {turn[0] for turn in self.turns}
        found: list[dict[str, int | None]] = []
        passed = _NONE
        for step, at in enumerate(self.begun):
            is_next = bool(found) and found[-1]["last"] == step - 1
            has_turned = any(place in starts for place in range(passed + 1, at + 1))
            passed = max(passed, at)
            if active[at]:
                continue
            if is_next and not has_turned:
                found[-1]["last"] = step
                continue
            found.append({"first": step, "last": step, "fork": self._fork(at, step)})
        return found

    def _transition(self, number: int) -> dict[str, Any]:
        at, left, is_summary = self.turns[number]
        end = self.turns[number + 1][0] if number + 1 < len(self.turns) else len(self.ids)
        first = bisect_left(self.begun, at)
        named = self.elsewhere.get(str(at))
        return {
            "first": first if first < len(self.begun) and self.begun[first] < end else None,
            "fork": self._fork(at, first),
            "fork_id": named if type(named) is str else None,
            "left": self.step_of(left),
            "left_id": left,
            "is_summed_up": is_summary,
        }
