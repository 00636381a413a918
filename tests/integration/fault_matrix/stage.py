"""A scene that is played again and again, each time with another trouble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import orjson
import pytest
from click.testing import Result

from opentraces.entrypoints.cli import exit_codes
from tests.integration.adapters.filesystem.medium import Medium
from tests.integration.fault_matrix.place import Place
from tests.integration.fault_matrix.scenes import Scene, command, made
from tests.integration.fault_matrix.seen import Seen, look

_REFUSALS = (exit_codes.UNAVAILABLE, exit_codes.UNREADABLE, exit_codes.INTERRUPTED)

Name = TypeVar("Name")
Hits = Mapping[str, tuple[str, ...]]


class Outcome(StrEnum):
    """What became of a command."""

    DONE = "done"
    """As if nothing had happened."""

    REFUSED = "refused"
    """Nothing has changed, and it says why."""

    PARTLY = "partly"
    """Some traces are as they should become, the others as they were; and it says why."""


@dataclass(frozen=True)
class Stage:
    """A scene, what is seen before and after it, and a place to play it in."""

    scene: Scene
    place: Place
    aside: Path
    """The place before the command."""
    before: Seen
    after: Seen
    between: tuple[Seen, ...]
    """What is seen while the command runs, after each commit."""
    known: tuple[tuple[Seen, Hits], ...]
    """What is found in some of these; last, after it."""

    @classmethod
    def of(cls, scene: Scene, root: Path) -> "Stage":
        """Make the place of a scene, and play it once without trouble."""
        place, aside = made(scene, root / "place"), root / "aside"
        place.copy_to(aside)
        before = look(place, scene.documents)
        found_before = before.found(place, scene.words)
        place.put_back(aside)
        result, between = _watched(scene, place)
        assert result.exit_code == 0, result.output
        after = look(place, scene.documents)
        found_after = after.found(place, scene.words)
        known = [(before, found_before), (after, found_after)]
        if scene.otherwise is not None:
            place.put_back(aside)
            scene.otherwise(place)
            other = look(place, scene.documents)
            between = (*between, other)
            known.insert(0, (other, other.found(place, scene.words)))
        assert scene.derives or after != before, "the scene changes nothing"
        return cls(scene, place, aside, before, after, between, tuple(known))

    def play(self) -> Result:
        """Run the command."""
        return self.place.play(*command(self.scene, self.place), folder=self.scene.folder)

    def reset(self) -> None:
        """Let the place be as it was before the command."""
        self.place.put_back(self.aside)

    def judge(self, result: Result | None) -> Outcome:
        """Hold what is left to what must be; None: the command had no time to say anything.

        Raises AssertionError, with what is not as it must be.
        """
        if result is not None:
            _assert_manners(self.scene, result)
        now = look(self.place, self.scene.documents)
        self._assert_old_or_new(now)
        if result is not None and result.exit_code == 0 and not _failures(result):
            left = self.after.documents if self.scene.may_leave else now.documents
            assert replace(now, documents=left) == self.after, "it said that it was done"
        self._assert_found(now)
        self._assert_done_by_another_run()
        return self._outcome(now)

    def _outcome(self, now: Seen) -> Outcome:
        if now == self.after:
            return Outcome.DONE
        return Outcome.REFUSED if now == self.before else Outcome.PARTLY

    def _assert_old_or_new(self, now: Seen) -> None:
        assert now.damage <= self.before.damage, now.damage
        states = (self.before, *self.between, self.after)
        _assert_one_of(now.traces, [each.traces for each in states])
        _assert_one_of(now.copied, [each.copied for each in states])
        _assert_one_of(now.documents, [each.documents for each in states])

    def _assert_found(self, now: Seen) -> None:
        """The index has caught up by itself."""
        for word, hits in now.found(self.place, self.scene.words).items():
            for trace, kept in now.traces.items():
                known = [
                    found[word] for seen, found in self.known if seen.traces.get(trace) == kept
                ]
                expected = {trace in found for found in known} or {trace in hits}
                is_right = trace in hits if not word else (trace in hits) in expected
                assert is_right or isinstance(kept, str), (word, trace)
            assert set(hits) <= set(now.traces), (word, hits)

    def _assert_done_by_another_run(self) -> None:
        result = self.place.call(*command(self.scene, self.place), folder=self.scene.folder)
        assert result.exit_code in (0, *self.scene.again), result.output
        now = look(self.place, self.scene.documents)
        assert now == self.after, "another run leaves something else"
        assert now.found(self.place, self.scene.words) == self.known[-1][1]


def _assert_manners(scene: Scene, result: Result) -> None:
    """A refusal has its code and its reason; nothing ends in a traceback."""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise AssertionError(f"ended with a traceback: {result.exception!r}") from result.exception
    assert result.exit_code in (0, *_REFUSALS, *scene.refusals), (result.exit_code, result.output)
    if result.exit_code in _REFUSALS:
        says_why = result.stderr.lstrip("\n").startswith("opentraces: ")
        assert says_why or _failures(result), f"it does not say why it ended so: {result.stderr}"


def _failures(result: Result) -> list[object]:
    """Return what it says that it could not read, or left for another run, though it went on."""
    said = orjson.loads(result.stdout)
    rounds = [each["imported"] for each in said.get("rounds", ())]
    left = [each["session_id"] for each in said.get("rounds", ()) if each["left_waiting"]]
    every = [*said.get("problems", ()), *said.get("failed", ())]
    every += [said["not_excluded"]] if said.get("not_excluded") else []
    return [*every, *left, *(failed for each in rounds for failed in each["failed"])]


def _assert_one_of(now: Mapping[Name, object], states: Sequence[Mapping[Name, object]]) -> None:
    for name in set(now).union(*states):
        found = now.get(name)
        assert found in [each.get(name) for each in states], f"{name} is neither old nor new"


def _watched(scene: Scene, place: Place) -> tuple[Result, tuple[Seen, ...]]:
    """Play a scene, and look after each commit."""
    seen: list[Seen] = []
    medium = Medium(place.root)

    def look_on() -> None:
        if medium.done and medium.done[-1].new_path.endswith("/trace.json"):
            seen.append(look(place, scene.documents))

    medium.seen = look_on
    with pytest.MonkeyPatch.context() as patch:
        medium.install(patch, has_syncfs=True)
        result = place.play(*command(scene, place), folder=scene.folder)
    return result, tuple(seen)
