"""What is found of steps and traces, as tantivy takes it.

Each value is added by the method of its type, which fails here and now when it does not fit. A
document built from keywords guesses types, and a wrong guess ends tantivy's thread.
"""

import tantivy

from opentraces.adapters.tantivy_index.schema import field_of, trace_key
from opentraces.domain.globs import path_key
from opentraces.domain.ids import TraceId
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.domain.texts import indexed_part
from opentraces.domain.words import fold

_LONGEST_KEYWORD = 4096
"""Characters of a name or path; what goes on beyond is no name."""


def of_step(step: StepDocument) -> tantivy.Document:
    """Return a step as a document."""
    document = _document(step.trace, step.step, step.moment, step.moment)
    for place, text in step.texts.items():
        _add_text(document, field_of(place), indexed_part(text))
    for tool in step.tools:
        _add_text(document, "called", fold(tool)[:_LONGEST_KEYWORD])
    for file in step.files:
        _add_text(document, "file", path_key(file)[:_LONGEST_KEYWORD])
    _add_text(document, "of_model", step.model or "")
    document.add_unsigned("failed", int(step.error))
    return document


def of_trace(trace: TraceDocument) -> tantivy.Document:
    """Return a trace as a whole as a document."""
    document = _document(trace.trace, 0, trace.started, trace.ended)
    _add_text(document, "title", indexed_part(trace.title))
    _add_text(document, "of_agent", trace.agent)
    _add_text(document, "of_project", trace.project)
    _add_text(document, "folder", path_key(trace.project)[:_LONGEST_KEYWORD])
    document.add_unsigned("commit", trace.commit)
    document.add_unsigned("generation", trace.generation)
    document.add_unsigned("steps_length", trace.steps_length)
    return document


def _document(trace: TraceId, step: int, begun: int, moment: int) -> tantivy.Document:
    document = tantivy.Document()
    _add_text(document, "trace", trace)
    document.add_unsigned("key", trace_key(trace))
    document.add_unsigned("step", step)
    document.add_integer("begun", begun)
    document.add_integer("moment", moment)
    return document


def _add_text(document: tantivy.Document, field: str, text: str) -> None:
    try:
        document.add_text(field, text)
    except UnicodeEncodeError:  # half of a surrogate pair, which is no part of a word
        document.add_text(field, text.encode("utf-8", "replace").decode("utf-8"))
