"""When a step is given, and how long lines may still add to it."""

from collections.abc import Iterator

import pytest

from opentraces.adapters.claude_code.open_steps import MOST_UNANSWERED, WINDOW
from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.errors import Corrupt
from tests.contracts.trace_parser import assert_same, read_in_parts
from tests.unit.adapters.claude_code.lines import Lines, call, parsed, source, text


@pytest.fixture
def lines() -> Lines:
    return Lines()


def messages(lines: Lines, *numbers: int) -> list[bytes]:
    return [lines.answer(text(f"text {n}"), message=f"m{n}") for n in numbers]


def test_a_message_gets_blocks_while_it_is_one_of_the_last(lines: Lines) -> None:
    late = messages(lines, *range(WINDOW), 0)
    too_late = messages(lines, *range(WINDOW + 1), 0)

    assert parsed(*late).steps[0].step.content == "text 0\ntext 0"
    assert parsed(*too_late).steps[0].step.content == "text 0"
    assert parsed(*too_late).steps[-1].key == parsed(*too_late).steps[0].key


def test_a_result_is_awaited_as_long_as_it_takes(lines: Lines) -> None:
    asked = lines.answer(call("Agent", "t1"), message="m0")
    found = parsed(asked, *messages(lines, *range(1, 100)), lines.result("t1", "at last"))

    assert [step.revision for step in found.emitted if step.ordinal == 0] == [0, 1]
    assert found.steps[0].step.observations[0].content == "at last"


def test_steps_are_given_before_the_source_ends(lines: Lines) -> None:
    given = 0

    def chunks() -> Iterator[bytes]:
        for number in range(50):
            assert given >= number - WINDOW - 1
            yield lines.answer(text("x"), message=f"m{number}")

    one = source()
    for _ in ClaudeCodeParser().parse(one.file, chunks(), None, {}).steps():
        given += 1
    assert given == 50


def test_unanswered_calls_are_forgotten_when_they_are_too_many(lines: Lines) -> None:
    count = MOST_UNANSWERED + WINDOW + 2
    asked = [lines.answer(call("Bash", f"t{n}"), message=f"m{n}") for n in range(count)]
    one = source(*asked, lines.result("t0", "lost"), lines.result(f"t{count - 1}", "joined"))
    found = read_in_parts(ClaudeCodeParser(), one, range(0, len(one.data), len(one.data) // 7))

    assert found.steps[0].step.observations == ()
    assert found.steps[count - 1].step.observations[0].content == "joined"
    assert found.steps[-1].step.observations[0].content == "lost"
    assert_same(found, read_in_parts(ClaudeCodeParser(), one, []))


def test_what_is_held_is_bounded_in_bytes(lines: Lines) -> None:
    words = "x" * (3 << 20)
    asked = [
        lines.answer(call("Write", f"t{n}", content=words + " "), message=f"m{n}") for n in range(8)
    ]
    one = source(*asked, lines.result("t0", "lost"), lines.result("t7", "joined"))
    parse = ClaudeCodeParser().parse(one.file, [one.data], None, {})
    steps = {step.ordinal: step for step in parse.steps()}

    assert steps[8].step.role == "system"
    assert steps[7].step.observations[0].content == "joined"
    assert len(parse.result().state) < 20 << 20


def test_a_message_whose_lines_never_end_is_held_no_longer(lines: Lines) -> None:
    words = "x" * (6 << 20)
    held = parsed(*[lines.answer(text(words), message="m0") for _ in range(5)])
    contents = [step.step.content or "" for step in held.steps]

    assert [len(content) for content in contents] == [3 * len(words) + 2, 2 * len(words) + 1]
    assert len({step.key for step in held.steps}) == 1


def test_what_was_closed_is_not_held(lines: Lines) -> None:
    words = "x" * (1 << 20)
    long = [lines.answer(text(words), message=f"m{n}") for n in range(30)]
    found = parsed(*long, *messages(lines, 50, 51, 50))

    assert [step.step.content for step in found.steps[-2:]] == ["text 50\ntext 50", "text 51"]


def test_an_awaited_result_closes_its_message(lines: Lines) -> None:
    asked = lines.answer(call("Agent", "t1"), message="m0")
    early, late = messages(lines, *range(1, 20)), messages(lines, *range(20, 40))
    found = parsed(asked, *early, lines.result("t1", "once"), *late, lines.result("t1", "twice"))

    given = [(step.ordinal, step.revision) for step in found.emitted]
    assert given.index((0, 1)) < given.index((30, 0))
    assert [each.content for each in found.steps[0].step.observations] == ["once"]
    assert found.steps[-1].step.role == "system"


def test_one_call_id_in_two_messages_is_answered_once(lines: Lines) -> None:
    one = source(
        lines.answer(call("Bash", "t1"), message="m1"),
        lines.answer(call("Bash", "t1"), message="m2"),
        lines.result("t1", "once"),
        lines.result("t1", "twice"),
    )
    whole = read_in_parts(ClaudeCodeParser(), one, [])

    assert [len(step.step.observations) for step in whole.steps] == [0, 2]
    for end in range(0, len(one.data), 50):
        assert_same(read_in_parts(ClaudeCodeParser(), one, [end]), whole)


@pytest.mark.parametrize("state", [b"", b"claude-code/0 5\n{}", b"garbage"])
def test_a_state_of_another_release_is_refused(state: bytes) -> None:
    with pytest.raises(Corrupt):
        ClaudeCodeParser().parse(source().file, [], state, {})
