"""What commands made of files, told from what tools left there."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from opentraces.domain.trail.action import Action
from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.observed import ObservedFile
from opentraces.domain.trail.shell_made import Sighting, ToolStates
from opentraces.domain.trail.text import Edit, lines_of

NOW = 100_000


def edits(old: bytes, new: bytes) -> Sequence[Edit]:
    matcher = SequenceMatcher(None, lines_of(old), lines_of(new), autojunk=False)
    return [(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def wrote(text: bytes, moment: int, patch: str | None = "p") -> Action:
    """Return what a tool wrote."""
    return Action(patch, moment, "/w", "f", "write", after=text)


def committed(content: bytes | None, before: bytes | None, moment: int) -> Sighting:
    return Sighting(content, before, moment, is_committed=True)


def found(actions: Sequence[Action], *seen: Sighting) -> ObservedFile | None:
    return ToolStates("/w", actions, edits).shell_made("f", seen)


def lines(observed: ObservedFile | None) -> list[str]:
    assert observed is not None
    return [line for hunk in observed.hunks for line in hunk.lines if line[0] != " "]


def test_what_was_committed_is_compared_with_what_was_committed_before() -> None:
    observed = found([], committed(b"two\n", b"one\n", 50_000))

    assert lines(observed) == ["-one", "+two"]
    assert observed is not None
    assert (observed.path, observed.operation, observed.moment) == ("/w/f", "edit", 50_000)


def test_what_was_committed_is_compared_with_what_tools_had_left_by_then() -> None:
    actions = [wrote(b"tool\n", 40_000), wrote(b"later\n", 60_000)]

    assert lines(found(actions, committed(b"two\n", b"one\n", 50_000))) == ["-tool", "+two"]


def test_what_tools_left_and_a_command_committed_is_theirs() -> None:
    seen = committed(b"tool\n", b"one\n", 50_000)

    assert found([wrote(b"tool\n", 40_000)], seen) is None
    assert found([wrote(b"tool\n", 40_000), wrote(b"later\n", 45_000)], seen) is None
    assert found([wrote(b"tool\r\n", 40_000)], seen) is None


def test_what_no_tool_left_is_told_though_one_saw_it_later() -> None:
    actions = [wrote(b"tool\n", 40_000), Action("q", 60_000, "/w", "f", "edit", before=b"two\n")]

    assert lines(found(actions, committed(b"two\n", b"one\n", 50_000))) == ["-tool", "+two"]


def test_a_file_has_one_change_from_what_was_known_to_what_is_there() -> None:
    seen = [
        committed(b"two\n", b"one\n", 50_000),
        committed(b"three\n", b"two\n", 60_000),
        Sighting(b"four\n", b"three\n", NOW),
    ]

    assert lines(found([], *seen)) == ["-one", "+four"]
    assert lines(found([], *seen[:2])) == ["-one", "+three"]


def test_of_a_file_that_tools_changed_last_what_was_committed_before_counts() -> None:
    actions = [wrote(b"tool\n", 60_000)]
    seen = [committed(b"two\n", b"one\n", 50_000), Sighting(b"tool\n", b"two\n", NOW)]

    assert lines(found(actions, *seen)) == ["-one", "+two"]


def test_a_file_that_is_as_it_was_changed_in_nothing() -> None:
    seen = [committed(b"two\n", b"one\n", 50_000), committed(b"one\n", b"two\n", 60_000)]

    assert lines(found([], *seen[:1])) == ["-one", "+two"]
    assert found([], committed(None, None, 50_000)) is None


def test_a_deleted_file_is_told() -> None:
    observed = found([], committed(None, b"one\n", 50_000))

    assert observed is not None
    assert (observed.operation, lines(observed)) == ("delete", ["-one"])


def test_what_is_kept_of_the_same_moment_is_told() -> None:
    observed = found([], committed(b"two\n", b"one\n", 50_000))
    assert observed is not None
    kept = Action(None, 50_000, "/w", "f", "edit", hunks=observed.hunks)
    later = wrote(b"later\n", 60_000)

    assert ToolStates("/w", [kept, later], edits).is_told(observed, "f")
    assert not ToolStates("/w", [later], edits).is_told(observed, "f")
    assert not ToolStates("/w", [kept, later], edits).is_told(observed, "g")


def test_what_a_tool_replaced_in_a_file_that_nobody_saw_whole_is_not_a_commands() -> None:
    placed = Hunk(old_start=2, new_start=2, lines=("-two", "+zwei"))
    action = Action("p", 40_000, "/w", "f", "edit", hunks=(placed,))
    before, left = b"one\ntwo\nthree\n", b"one\nzwei\nthree\n"

    assert found([action], Sighting(left, before, NOW)) is None
    assert found([action], committed(left, before, 50_000)) is None
    assert lines(found([action], Sighting(left + b"more\n", before, NOW))) == ["+more"]


def test_where_what_tools_left_does_not_follow_nothing_is_said() -> None:
    unplaced = Hunk(lines=("-elsewhere", "+anders"))
    action = Action("p", 40_000, "/w", "f", "edit", hunks=(unplaced,))

    assert found([action], Sighting(b"one\nanders\n", b"one\n", NOW)) is None
    assert found([action], Sighting(b"anders\n", None, NOW)) is None
    assert found([wrote(b"one\n", 30_000), action], Sighting(b"one\nanders\n", b"", NOW)) is None
