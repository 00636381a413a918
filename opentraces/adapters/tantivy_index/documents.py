"""What is found of steps and traces, as tantivy takes it.

Each value is added by the method of its type, which fails here and now when it does not fit. A
document built from keywords guesses types, and a wrong guess ends tantivy's thread.
"""

from collections.abc import Iterable

import tantivy

from opentraces.adapters.tantivy_index.schema import SUBJECTS, cost_number, field_of, trace_key
from opentraces.domain.globs import path_key
from opentraces.domain.ids import TraceId
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.domain.spent import Amounts
from opentraces.domain.texts import indexed_part
from opentraces.domain.words import fold

_LONGEST_KEYWORD = 4096
"""Characters of a name or path; what goes on beyond is no name."""


def of_step(step: StepDocument) -> tantivy.Document:
    """Return a step as a document."""
    document = _document(step.trace, step.step, step.moment, step.moment)
    for place, text in step.texts.items():
        _add_text(document, field_of(place), indexed_part(text))
    _add_all(document, "body", step.names)
    _add_all(document, "called", step.tools)
    _add_all(document, "skill", step.skills)
    _add_all(document, "file", map(path_key, step.files))
    _add_all(document, "dep", map(fold, step.deps))
    _add_all(document, "of_command", map(indexed_part, step.commands), longest=None)
    _add_all(document, "model", [step.model] if step.model else [])
    document.add_text("role", step.role)
    document.add_unsigned("failed", int(step.error))
    document.add_unsigned("unit", int(step.key, 16))
    document.add_unsigned("tokens", step.tokens)
    document.add_unsigned("cost", cost_number(step.cost))
    return document


def of_trace(trace: TraceDocument, amounts: Amounts) -> tantivy.Document:
    """Return a trace as a whole as a document; `amounts`: what it adds up to."""
    document = _document(trace.trace, 0, trace.started, trace.ended)
    _add_text(document, "title", indexed_part(trace.title))
    subjects = [subject for _, subject in trace.commits if subject]
    _add_all(document, "title", [*subjects, *trace.names])
    _add_text(document, "agent", trace.agent)
    _add_text(document, "of_project", trace.project)
    _add_all(document, "place", [trace.place] if trace.place else [])
    _add_all(document, "folder", [path_key(trace.project)])
    _add_all(document, "repo", [trace.repo] if trace.repo else [])
    _add_all(document, "branch", trace.branches)
    _add_all(document, "session", [trace.session])
    _add_all(document, "sha", (commit for commit, _ in trace.commits))
    _add_all(document, "dep", map(fold, trace.deps))
    _add_all(document, "has", [*trace.has, *(["error"] if amounts.error else [])])
    document.add_unsigned("commit", trace.commit)
    document.add_unsigned("generation", trace.generation)
    document.add_unsigned("steps_length", trace.steps_length)
    document.add_unsigned("tokens", amounts.tokens)
    document.add_unsigned("cost", cost_number(amounts.cost))
    if subjects:
        document.add_bytes(SUBJECTS, "\n".join(subjects).encode("utf-8", "replace"))
    return document


def _document(trace: TraceId, step: int, begun: int, moment: int) -> tantivy.Document:
    document = tantivy.Document()
    _add_text(document, "trace", trace)
    document.add_unsigned("key", trace_key(trace))
    document.add_unsigned("step", step)
    document.add_integer("begun", begun)
    document.add_integer("moment", moment)
    return document


def _add_all(
    document: tantivy.Document,
    field: str,
    texts: Iterable[str],
    longest: int | None = _LONGEST_KEYWORD,
) -> None:
    for text in texts:
        _add_text(document, field, text[:longest])


def _add_text(document: tantivy.Document, field: str, text: str) -> None:
    try:
        document.add_text(field, text)
    except UnicodeEncodeError:  # half of a surrogate pair, which is no part of a word
        document.add_text(field, text.encode("utf-8", "replace").decode("utf-8"))
