"""A parser to which whatever the model says is a change to a file, or a sight of one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from opentraces.domain.context.events import ContextEvent
from opentraces.domain.parsing import ParsedSource, ParsedStep
from opentraces.domain.session import SourceFile
from opentraces.domain.trail.file_change import FileChange, Hunk, Operation, TextPlace
from opentraces.ports.parsing import SourceParse, TraceParser

_OPERATIONS: tuple[Operation, ...] = ("edit", "write", "read", "delete")


class ChangingParser(TraceParser):
    """Another parser; its steps have changes to files, whatever they did."""

    def __init__(self, parser: TraceParser) -> None:
        self._parser = parser

    def parse(
        self,
        source: SourceFile,
        chunks: Iterable[bytes],
        saved: bytes | None,
        notes: Mapping[str, bytes],
    ) -> SourceParse:
        """See TraceParser."""
        return _Parse(self._parser.parse(source, chunks, saved, notes))


class _Parse(SourceParse):
    def __init__(self, parse: SourceParse) -> None:
        self._parse = parse

    def steps(self) -> Iterator[ParsedStep]:
        """See SourceParse."""
        for parsed in self._parse.steps():
            yield replace(parsed, changes=tuple(_changes(parsed)))

    def context(self) -> list[ContextEvent]:
        """See SourceParse."""
        return self._parse.context()

    def result(self) -> ParsedSource:
        """See SourceParse."""
        return self._parse.result()


def _changes(parsed: ParsedStep) -> Iterator[FileChange]:
    """Yield two for an answer; a later revision says more of the first."""
    step = parsed.step
    if step.role != "agent":
        return
    said = [step.content or "", *(seen.content or "" for seen in step.observations)]
    for number in range(2):
        operation = _OPERATIONS[(parsed.ordinal + number) % len(_OPERATIONS)]
        place = TextPlace(offset=parsed.ordinal, length=9, pointer=f"/{number}")
        yield FileChange(
            call=step.tool_calls[0].tool_call_id if step.tool_calls else None,
            number=number,
            path=f"/home/dev/widgets/{parsed.ordinal % 3}.py",
            operation=operation,
            moment=parsed.moment,
            after=place if operation in ("write", "read") else None,
            hunks=(Hunk(lines=tuple(f"+{line}" for line in said)),) if operation == "edit" else (),
            methods=("tool_input",),
        )
