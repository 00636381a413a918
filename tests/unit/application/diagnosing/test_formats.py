import json

from opentraces.adapters.memory.overview import MemoryTraceOverview
from opentraces.application.diagnosing.formats import FormatsChecker
from opentraces.domain.health import Check, Level
from tests.memory_world import MemoryWorld
from tests.transcript_lines import answered, typed

KEPT = "all bytes are kept; a newer opentraces may understand them"
AGAIN = f"{KEPT}: bucket repair --reproject"
ALARM = (
    "no line, or hardly one, was recognised in {}, such as {}.jsonl: "
    "the agent may have changed its format"
)


def odd(kind: str, version: str = "2.1.197") -> bytes:
    return json.dumps({"type": kind, "version": version, "sessionId": "s"}).encode() + b"\n"


def checks(**sessions: bytes) -> list[Check]:
    """Look at sessions that were kept; each begins as usual unless it is told to be alien."""
    world = MemoryWorld()
    for name, more in sessions.items():
        usual = typed("Fix it", at=0, session=name) + answered("Done", at=5, session=name)
        lines = more if name.startswith("alien") else usual + more
        world.leave(name, {f"{name}.jsonl": lines})
    world.run()
    checker = FormatsChecker(MemoryTraceOverview(world.bucket))
    assert list(checker.mend()) == []
    return list(checker.checks())


def test_what_is_understood_is_well() -> None:
    well = [Check("formats", Level.OK, "every line that is kept was understood")]

    assert checks() == well
    assert checks(s1=b"") == well


def test_lines_of_unknown_types_are_counted_by_type_and_release() -> None:
    (check,) = checks(s1=odd("new") * 2 + odd("newer"), s2=odd("new"))

    text = "4 lines of types not understood: 3 new (claude-code 2.1.197), "
    assert check == Check("formats", Level.WARN, f"{text}1 newer (claude-code 2.1.197)", KEPT)


def test_only_the_most_frequent_types_are_named() -> None:
    (check,) = checks(s1=b"".join(odd(f"t{number}") * (9 - number) for number in range(6)))

    assert check.text.startswith("39 lines of types not understood: 9 t0 (")
    assert check.text.endswith(", 6 t3 (claude-code 2.1.197), …")


def test_a_few_types_are_all_named() -> None:
    (check,) = checks(s1=b"".join(odd(f"t{number}") for number in range(4)))

    assert check.text.endswith(", 1 t3 (claude-code 2.1.197)")


def test_lines_that_are_no_json_are_counted() -> None:
    assert checks(s1=b"torn\n" * 2) == [
        Check("formats", Level.WARN, "2 lines that are no JSON", KEPT)
    ]


def test_sessions_of_which_nothing_is_understood_are_wrong() -> None:
    (check,) = checks(s1=b"", alien1=b'{"kind":1}\n', alien2=b'{"kind":2}\n')

    assert (check.level, check.advice) == (Level.FAIL, AGAIN)
    assert check.text == ALARM.format("2 files of claude-code of no known release", "alien2")


def test_they_are_counted_by_the_release_that_wrote_them() -> None:
    found = checks(alien1=odd("new", "3.0"), alien2=odd("new", "3.1"), alien3=odd("new", "3.1"))

    assert [check.text for check in found] == [
        ALARM.format("2 files of claude-code 3.1", "alien3"),
        ALARM.format("1 file of claude-code 3.0", "alien1"),
    ]


def test_what_is_no_release_is_not_shown_as_one() -> None:
    (check,) = checks(alien1=odd("new", "a\nsecret") + odd("new", "7"))

    assert "in 1 file of claude-code of no known release" in check.text


def test_unknown_lines_of_an_alien_file_beside_others_are_counted_too() -> None:
    world = MemoryWorld()
    usual = typed("Fix it", at=0) + answered("Done", at=5)
    world.leave("s1", {"s1.jsonl": usual, "s1/subagents/agent-a.jsonl": odd("new", "3.0")})
    world.run()

    wrong, odd_lines = FormatsChecker(MemoryTraceOverview(world.bucket)).checks()

    where = "s1/subagents/agent-a"
    assert wrong.text == ALARM.format("1 file of claude-code 3.0", where)
    assert odd_lines.text == "1 line of types not understood: 1 new (claude-code 3.0)"
