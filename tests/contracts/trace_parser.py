"""What every TraceParser keeps to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from opentraces.domain.context.events import ContextEvent
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.parsing import ParsedSource, ParsedStep
from opentraces.domain.session import SourceFile, SourceKind
from opentraces.ports.parsing import TraceParser
from tests.checked import checked_json, json_of

GARBAGE = (
    b"\n",
    b"  \r\n",
    b"{\n",
    b"null\n",
    b"[]\n",
    b"17\n",
    b'"text"\n',
    b"{}\n",
    b'{"type":7}\n',
    b'{"type":"no such type"}\n',
    b'{"type":{"type":[]}}\n',
    b'{"a":NaN}\n',
    b'{"a":Infinity}\n',
    b'{"a":' + b"9" * 5000 + b"}\n",
    b'{"a":1e999}\n',
    b"[" * 3000 + b"]" * 3000 + b"\n",
    b'{"a":' * 1500 + b"1" + b"}" * 1500 + b"\n",
    b'{"a":"\\ud83d"}\n',
    b'{"a":"\xff\xfe"}\n',
    b"\x00\x00\x00\n",
    b"\xef\xbb\xbf{}\n",
    '{"a":"\u2028\u0085"}\n'.encode(),
)
"""Lines that no agent should write, and that must do no harm."""


@dataclass(frozen=True)
class Source:
    """A source to be parsed, with the notes of its session."""

    file: SourceFile
    data: bytes
    notes: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """What came of a source, in one go or in several."""

    emitted: Sequence[ParsedStep]
    source: ParsedSource
    context: Sequence[ContextEvent] = ()

    @property
    def steps(self) -> list[ParsedStep]:
        """Each step as it was given last, without the number of times it was given."""
        last = {step.ordinal: replace(step, revision=0) for step in self.emitted}
        return [last[ordinal] for ordinal in sorted(last)]


def read(parser: TraceParser, source: Source, chunks: Iterable[bytes] | None = None) -> Read:
    """Parse a source in one go."""
    given = [source.data] if chunks is None else chunks
    parse = parser.parse(source.file, given, None, source.notes)
    return Read(list(parse.steps()), parse.result(), parse.context())


def read_in_parts(parser: TraceParser, source: Source, ends: Iterable[int]) -> Read:
    """Parse a source that grows: up to each of `ends`, then to its end."""
    emitted: list[ParsedStep] = []
    context: list[ContextEvent] = []
    saved: bytes | None = None
    consumed = 0
    for end in [*sorted(ends), len(source.data)]:
        parse = parser.parse(source.file, [source.data[consumed:end]], saved, source.notes)
        emitted += parse.steps()
        context += parse.context()
        result = parse.result()
        saved, consumed = result.state, result.consumed
    return Read(emitted, result, context)


def assert_sound(source: Source, found: Read) -> None:
    """Check what is true of any reading of any bytes."""
    lines = found.source.facts.lines
    assert lines.recognised + lines.unknown + lines.bad == source.data.count(b"\n")
    assert found.source.consumed == source.data.rfind(b"\n") + 1
    assert [step.ordinal for step in found.steps] == list(range(len(found.steps)))
    moments = [step.moment for step in found.steps]
    assert moments == sorted(moments)
    for step in found.emitted:
        assert_as_checked(step)
        json_of(step.step)
        "".join(f"{name}{value}" for name, value in step.native.items()).encode()
    json_of(found.source.facts)


def assert_as_checked(parsed: ParsedStep) -> None:
    """Check that a step is as pydantic makes it, although it may have been made without it."""
    kept = KeptStep.numbered(parsed, 0, 1)
    checked = checked_json(KeptStep, json_of(kept))
    assert checked == kept
    assert checked.line() == kept.line()
    assert list(vars(checked.step)) == list(vars(kept.step))


def assert_same(found: Read, expected: Read) -> None:
    """Check that two readings of the same bytes say the same."""
    assert found.steps == expected.steps
    assert found.source.facts == expected.source.facts
    assert found.source.consumed == expected.source.consumed
    assert found.context == expected.context


def revisions(found: Read) -> Iterator[list[int]]:
    """Yield, for each step, the revisions under which it was given."""
    for ordinal in {step.ordinal for step in found.emitted}:
        yield [step.revision for step in found.emitted if step.ordinal == ordinal]


class TraceParserContract:
    @pytest.fixture
    def parser(self) -> TraceParser:
        raise NotImplementedError("give a parser")

    @pytest.fixture
    def source(self) -> Source:
        raise NotImplementedError("give a real source of at least two lines that become steps")

    def test_a_source_becomes_steps_in_order(self, parser: TraceParser, source: Source) -> None:
        found = read(parser, source)

        assert_sound(source, found)
        assert len(found.steps) >= 2
        firsts = [step.ordinal for step in found.emitted if step.revision == 0]
        assert firsts == sorted(firsts)

    def test_nothing_is_no_step(self, parser: TraceParser, source: Source) -> None:
        found = read(parser, replace(source, data=b""))

        assert found.emitted == []
        assert found.source.consumed == 0

    def test_parsing_twice_gives_the_same(self, parser: TraceParser, source: Source) -> None:
        assert read(parser, source) == read(parser, source)

    def test_how_chunks_are_cut_changes_nothing(self, parser: TraceParser, source: Source) -> None:
        expected = read(parser, source)

        for size in (1, 7, 4096):
            starts = range(0, len(source.data), size)
            chunks = (source.data[start : start + size] for start in starts)
            assert read(parser, source, chunks) == expected

    def test_parts_give_the_same_as_the_whole(self, parser: TraceParser, source: Source) -> None:
        expected = read(parser, source)
        ends = [at + 1 for at, byte in enumerate(source.data) if byte == ord("\n")]

        assert_same(read_in_parts(parser, source, ends), expected)
        for end in ends:
            for cut in (end - 1, end, end + 1):
                assert_same(read_in_parts(parser, source, [cut]), expected)

    def test_a_step_given_again_has_a_higher_revision(
        self, parser: TraceParser, source: Source
    ) -> None:
        ends = [at + 1 for at, byte in enumerate(source.data) if byte == ord("\n")]
        found = read_in_parts(parser, source, ends)

        for given in revisions(found):
            assert given == list(range(len(given)))

    def test_nothing_new_gives_no_step(self, parser: TraceParser, source: Source) -> None:
        first = read(parser, source).source
        again = parser.parse(source.file, [], first.state, source.notes)

        assert list(again.steps()) == []
        assert again.result().facts == first.facts
        assert again.result().consumed == first.consumed

    def test_a_line_counts_once_its_newline_is_there(
        self, parser: TraceParser, source: Source
    ) -> None:
        whole = read(parser, source)
        cut = replace(source, data=source.data + b'{"type":"half')

        assert_same(read(parser, cut), whole)

    def test_garbage_is_counted_and_harmless(self, parser: TraceParser, source: Source) -> None:
        lines = source.data.splitlines(keepends=True)
        mixed = b"".join(line + GARBAGE[n % len(GARBAGE)] for n, line in enumerate(lines))
        spoiled = replace(source, data=mixed + b"".join(GARBAGE))
        found = read(parser, spoiled)

        assert_sound(spoiled, found)
        assert [s.step for s in found.steps] == [s.step for s in read(parser, source).steps]

    def test_every_prefix_gives_a_prefix_of_the_steps(
        self, parser: TraceParser, source: Source
    ) -> None:
        keys = [step.key for step in read(parser, source).steps]

        for end in range(0, len(source.data), max(1, len(source.data) // 200)):
            prefix = replace(source, data=source.data[:end])
            found = read(parser, prefix)
            assert_sound(prefix, found)
            assert [step.key for step in found.steps] == keys[: len(found.steps)]


def transcript(data: bytes, name: str = "projects/-w/s.jsonl") -> Source:
    """Make a source out of the bytes of a transcript."""
    kind = SourceKind.TRANSCRIPT
    return Source(SourceFile(name, kind, f"/agent/{name}", len(data), "new"), data)
