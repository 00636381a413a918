"""The port to one agent's format: bytes to steps."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from opentraces.domain.context.events import ContextEvent
from opentraces.domain.parsing import ParsedSource, ParsedStep
from opentraces.domain.session import SourceFile


class SourceParse(Protocol):
    """One source being parsed."""

    @abstractmethod
    def steps(self) -> Iterator[ParsedStep]:
        """Yield steps in order of ordinal; an amended step again, later, with a higher revision.

        Memory is bounded by what is still open, not by the source. Nothing in the bytes makes
        it raise: what cannot be understood is counted.
        """

    @abstractmethod
    def context(self) -> list[ContextEvent]:
        """Return what the model saw at the calls that were read since this was last called.

        Places in it are in source 0, whatever its number. Only the lines decide what comes, not how
        they were cut; only after `steps` is exhausted is it all.
        """

    @abstractmethod
    def result(self) -> ParsedSource:
        """Sum up; only after `steps` is exhausted."""


class TraceParser(Protocol):
    """One agent's format. Pure: the same bytes give the same steps, however they are cut.

    Contract: tests/contracts/trace_parser.py.
    """

    @abstractmethod
    def parse(
        self,
        source: SourceFile,
        chunks: Iterable[bytes],
        saved: bytes | None,
        notes: Mapping[str, bytes],
    ) -> SourceParse:
        """Begin, or go on with the `state` of an earlier ParsedSource.

        `chunks` are the source's bytes from 0, or from the earlier `consumed` on; they are taken
        when a step is asked for. A last line without its newline is not there yet. `notes` are
        the bytes of the session's files of kind NOTE, by name.
        """
