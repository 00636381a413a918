"""What is wrong with one thing keeps nobody from looking at the others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from opentraces.application.diagnosing.checker import Checker
from opentraces.application.diagnosing.diagnose import Diagnose, Diagnosis
from opentraces.domain.errors import Busy, Corrupt, OpentracesError, StorageUnavailable
from opentraces.domain.health import Check, Level, check_of


@dataclass
class Thing(Checker):
    """One thing that may be broken, and may be mended."""

    name: str
    level: Level = Level.OK
    error: OpentracesError | None = None
    events: list[str] = field(default_factory=list)

    def checks(self) -> Iterator[Check]:
        self.events.append(f"look at {self.name}")
        yield Check(self.name, self.level, f"{self.name} is there")
        if self.error is not None:
            raise self.error

    def mend(self) -> Iterator[str]:
        self.events.append(f"mend {self.name}")
        if self.level is not Level.OK:
            yield f"mended {self.name}"
            self.level = Level.OK
        if self.error is not None:
            raise self.error


def diagnose(*things: Thing) -> Diagnose:
    def made(thing: Thing) -> Callable[[], Checker]:
        return lambda: thing

    return Diagnose(tuple((thing.name, made(thing)) for thing in things))


def test_everything_is_looked_at_in_order_and_nothing_is_mended() -> None:
    found = diagnose(Thing("a"), Thing("b", Level.WARN)).execute(mend=False)

    assert found == Diagnosis(
        (Check("a", Level.OK, "a is there"), Check("b", Level.WARN, "b is there"))
    )


def test_an_error_becomes_a_check_and_the_others_are_looked_at() -> None:
    broken = Thing("a", error=Corrupt("a.json is damaged → opentraces bucket verify"))

    found = diagnose(broken, Thing("b")).execute(mend=False)

    assert found.checks == (
        Check("a", Level.OK, "a is there"),
        Check("a", Level.FAIL, "a.json is damaged", "opentraces bucket verify"),
        Check("b", Level.OK, "b is there"),
    )


def test_a_checker_that_cannot_be_made_is_a_check() -> None:
    def fail() -> Checker:
        raise StorageUnavailable("a: Permission denied")

    found = Diagnose((("a", fail),)).execute(mend=True)

    assert found == Diagnosis((Check("a", Level.FAIL, "a: Permission denied"),))


def test_one_error_is_said_once() -> None:
    error = Corrupt("bucket.json is damaged")

    found = diagnose(Thing("a", error=error), Thing("b", error=error)).execute(mend=True)

    assert [check.topic for check in found.checks if check.level is Level.FAIL] == ["a"]
    assert len(found.checks) == 3


def test_what_is_mended_is_looked_at_afterwards() -> None:
    found = diagnose(Thing("a", Level.FAIL)).execute(mend=True)

    assert found == Diagnosis((Check("a", Level.OK, "a is there"),), ("mended a",))


def test_mending_goes_from_the_last_to_the_first_and_on_after_an_error() -> None:
    events: list[str] = []
    things = [
        Thing("a", Level.WARN, events=events),
        Thing("b", Level.WARN, StorageUnavailable("b: disk full"), events),
        Thing("c", Level.WARN, events=events),
    ]

    found = diagnose(*things).execute(mend=True)

    assert events == [f"mend {name}" for name in "cba"] + [f"look at {name}" for name in "abc"]
    assert found.mended == ("mended c", "mended b", "mended a")
    assert Check("b", Level.FAIL, "b: disk full") in found.checks


def test_what_could_not_be_mended_is_said_beside_what_is() -> None:
    class Stubborn(Thing):
        def mend(self) -> Iterator[str]:
            raise StorageUnavailable("a: read-only → mount it anew")

    found = diagnose(Stubborn("a", Level.WARN), Thing("b")).execute(mend=True)

    assert found.checks == (
        Check("a", Level.WARN, "a is there"),
        Check("b", Level.OK, "b is there"),
        Check("a", Level.FAIL, "a: read-only", "mount it anew"),
    )


def test_two_things_may_be_well_in_the_same_words() -> None:
    assert len(diagnose(Thing("a"), Thing("a")).execute(mend=False).checks) == 2


@pytest.mark.parametrize(
    ("levels", "ok"), [([], True), (["ok", "warn"], True), (["warn", "fail"], False)]
)
def test_all_is_well_unless_something_is_wrong(levels: list[str], ok: bool) -> None:
    found = diagnose(*(Thing(level, Level(level)) for level in levels)).execute(mend=False)

    assert found.ok is ok
    assert [found.at(level) for level in Level] == [levels.count(level) for level in Level]


def test_what_another_process_is_at_is_not_wrong() -> None:
    assert check_of("index", Busy("in use")) == Check("index", Level.WARN, "in use")
