"""The Context Tree of one trace as its sources are read."""

from collections.abc import Iterable

from opentraces.application.reading import OpenSource
from opentraces.domain.context.carried import carried, own
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.lines import of_source
from opentraces.ports.context_writing import ContextEdit


def keep_context(edit: ContextEdit, sources: Iterable[OpenSource]) -> None:
    """Write what the model saw at the calls that were read; only after the last step."""
    for source in sources:
        for event in own(source.context()):
            edit.append_context(of_source(event, source.number))


def begin_context_again(edit: ContextEdit, before: Iterable[ContextEvent]) -> None:
    """Begin a tree anew; what no source tells of is carried over from the one before."""
    held = tuple(carried(before))
    edit.restart_context()
    for event in held:
        edit.append_context(event)
