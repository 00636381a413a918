"""Lines too long to be parsed."""

from collections.abc import Iterator

import pytest

from opentraces.adapters._reading.jsonl import LINE_LIMIT
from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.parsing import ParsedSource, ParsedStep
from opentraces.domain.session import SourceFile, SourceKind
from tests.unit.adapters.claude_code.lines import Lines, call

PIECE = b"x" * (1 << 20)
PIECES = LINE_LIMIT // len(PIECE) + 1
FILE = SourceFile("projects/-w/s.jsonl", SourceKind.TRANSCRIPT, "/s.jsonl", 0, "new")
RESULT = (
    b'{"parentUuid":"p","type":"user","message":{"role":"user","content":'
    b'[{"tool_use_id":"t1","type":"tool_result","content":"'
)
RESULT_END = b'"}]},"uuid":"u-giant","timestamp":"2026-11-23T05:00:09.000Z"}\n'


def chunks(before: bytes, head: bytes, tail: bytes) -> Iterator[bytes]:
    yield before + head
    for _ in range(PIECES):
        yield PIECE
    yield tail


def parsed(given: Iterator[bytes]) -> tuple[list[ParsedStep], ParsedSource]:
    parse = ClaudeCodeParser().parse(FILE, given, None, {})
    return list(parse.steps()), parse.result()


def words(length: int) -> str:
    return f"[a line of {length} bytes, kept in the source and not read]"


def test_a_giant_result_answers_its_call() -> None:
    lines = Lines()
    before = lines.user("go") + lines.answer(call("Read", "t1"))
    steps, result = parsed(chunks(before, RESULT, RESULT_END))
    length = len(RESULT) + len(RESULT_END) - 1 + PIECES * len(PIECE)

    assert [step.step.role for step in steps] == ["user", "agent"]
    assert steps[1].step.observations[0].content == words(length)
    (giant,) = result.facts.giants
    assert (giant.ordinal, giant.offset, giant.length) == (1, len(before), length + 1)
    assert result.facts.lines == LineCounts(recognised=3)
    assert result.facts.limitations == ("giant_lines",)
    assert result.facts.ended == "2026-11-23T05:00:09.000Z"
    assert result.consumed == len(before) + length + 1


def test_a_giant_result_of_no_known_call_is_a_step() -> None:
    (step,), _ = parsed(chunks(b"", RESULT, RESULT_END))

    assert step.step.role == "system"
    assert step.step.observations[0].source_call_id == "t1"
    assert step.native["giant"] == "true"


@pytest.mark.parametrize(
    ("head", "tail", "role", "counts"),
    [
        (
            b'{"message":{"type":"message","role":"assistant","content":[{"type":"text","text":"',
            b'"}]},"type":"assistant","uuid":"u1"}\n',
            "agent",
            LineCounts(recognised=1),
        ),
        (b'{"type":"user","message":{"content":"', b'"}}\n', "system", LineCounts(recognised=1)),
        (b'{"type":"hologram","x":"', b'"}\n', "system", LineCounts(unknown=1)),
        (b"", b"\n", "system", LineCounts(bad=1)),
    ],
)
def test_a_step_stands_for_a_giant(head: bytes, tail: bytes, role: str, counts: LineCounts) -> None:
    (step,), result = parsed(chunks(b"", head, tail))

    assert step.step.role == role
    assert step.step.content == words(len(head) + len(tail) - 1 + PIECES * len(PIECE))
    assert result.facts.lines == counts
    assert result.facts.responses == (role == "agent")


def test_a_giant_written_again_is_one_step() -> None:
    twice = [*chunks(b"", RESULT, RESULT_END), *chunks(b"", RESULT, RESULT_END)]
    steps, result = parsed(iter(twice))

    assert len(steps) == 1
    assert result.facts.lines == LineCounts(recognised=2)
