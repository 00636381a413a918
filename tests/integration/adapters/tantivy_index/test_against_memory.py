"""Any documents, any queries: tantivy finds the traces that looking at everything finds."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraces.adapters.memory.index import MemoryIndex
from opentraces.adapters.tantivy_index.index import TantivyTraceIndex
from opentraces.adapters.tantivy_index.writer import TantivyIndexWriter
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.query import Field, Is, Not, Phrase, Query, Term
from opentraces.domain.reach import Reach, has_text, reach
from opentraces.domain.search import Found, Place
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.ports.index_writing import IndexUpdate, IndexWriter
from tests.contracts.trace_index import step, whole

WORDS = ["one", "two", "three", "get_user", "ΑΣ", "!", "x" * 300, "résumé"]
MOMENTS = st.sampled_from([0, 10, 20, 30])
TRACES = st.sampled_from([trace_id("pi", SessionId(str(number))) for number in range(6)])
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
TOOLS = ["Bash", "Edit", "mcp__git__log"]
FILES = ["/home/dev/src/main.py", "src/main.py", "README.md", "C:\\code\\a b.rs"]
MODELS = ["claude-opus-4-1", "gpt-5", "claude-haiku-4-5"]
AGENTS = ["claude-code", "codex-cli"]
PROJECTS = ["/home/dev/api", "/home/dev/web", "api", ""]

STEPS = st.builds(
    step,
    TRACES,
    st.integers(1, 4),
    texts=st.dictionaries(
        st.sampled_from([place for place in Place if place is not Place.TITLE]),
        TEXT,
        min_size=1,
        max_size=3,
    ),
    moment=MOMENTS,
    tools=st.lists(st.sampled_from(TOOLS), max_size=2).map(tuple),
    files=st.lists(st.sampled_from(FILES), max_size=2).map(tuple),
    model=st.sampled_from([*MODELS, None]),
    error=st.booleans(),
)
WHOLES = st.builds(
    whole,
    TRACES,
    agent=st.sampled_from(AGENTS),
    project=st.sampled_from(PROJECTS),
    title=TEXT,
    started=MOMENTS,
    ended=MOMENTS,
    commit=st.integers(0, 9),
)
Deed = StepDocument | TraceDocument | TraceId | None
"""Something to put, a trace to forget, or None: a commit."""

DEEDS = st.lists(
    st.one_of(STEPS, STEPS, STEPS, WHOLES, WHOLES, TRACES, st.none()), min_size=15, max_size=40
)


def asked(field: Field, *values: str) -> st.SearchStrategy[Is]:
    return st.builds(Is, st.just(field), st.sampled_from(values))


PLAIN = st.one_of(
    st.builds(Term, st.sampled_from([*WORDS, "user", "nowhere"])),
    st.builds(Phrase, TEXT),
    asked(Field.TOOL, *TOOLS, "bash", "mcp__*", "*", "*i*", "nothing"),
    asked(Field.FILE, *FILES, "src", "src/**", "*.py", "dev/*/main.py", "?*", "a b.rs", "a" * 1500),
    asked(Field.MODEL, *MODELS, "claude", "4", "!"),
    asked(Field.ERROR, "true", "false"),
    asked(Field.AGENT, *AGENTS, "claude", "nobody", "!"),
    asked(Field.PROJECT, "api", "dev", "/home/dev", "/home/dev/api", "/home/*/web", "/dev", "!"),
)
QUERIES = st.builds(
    Query,
    st.lists(st.one_of(PLAIN, PLAIN, st.builds(Not, PLAIN)), max_size=3).map(tuple),
    st.none() | st.none() | MOMENTS,
    st.none() | st.none() | MOMENTS,
)


def perform(writer: IndexWriter, deeds: Sequence[Deed]) -> None:
    """Do it all; at last every trace that has steps is put as a whole, too."""
    steps: set[tuple[TraceId, int]] = set()
    wholes: set[TraceId] = set()
    with writer.updating() as update:
        for deed in deeds:
            if isinstance(deed, StepDocument):
                update.put_step(deed, replaces=(deed.trace, deed.step) in steps)
                steps.add((deed.trace, deed.step))
            elif isinstance(deed, TraceDocument):
                update.put_trace(deed)
                wholes.add(deed.trace)
            elif deed is None:
                update.commit()
            else:
                update.forget(deed)
                steps = {key for key in steps if key[0] != deed}
                wholes.discard(deed)
        finish(update, {trace for trace, _ in steps} - wholes)


def finish(update: IndexUpdate, traces: set[TraceId]) -> None:
    for trace in traces:
        update.put_trace(whole(trace))
    update.commit()


def comparable(found: Found, query: Query) -> object:
    """What must be equal: without text everything, with text all but the order."""
    if not has_text(query.clauses):
        return found
    return (found.total, {trace.trace: len(trace.steps) for trace in found.traces})


BOUNDS = {
    "asking._MOST_KEYS": 0,
    "ranking._COUNTED_AT_ONCE": 3,
    "ranking._FIRST_LOOK": 1,
    "committed._FEW": 1,
}
"""What is done otherwise when there is much, for little: the ways of a hundred thousand traces."""


@pytest.mark.parametrize("bounds", [{}, BOUNDS], ids=["as-it-is", "as-of-much"])
@settings(max_examples=20)
@given(deeds=DEEDS, queries=st.lists(QUERIES, min_size=20, max_size=40))
def test_both_find_the_same(
    bounds: Mapping[str, int], deeds: Sequence[Deed], queries: Sequence[Query]
) -> None:
    memory = MemoryIndex()
    perform(memory, deeds)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name, bound in bounds.items():
            patch.setattr(f"opentraces.adapters.tantivy_index.{name}", bound)
        writer = TantivyIndexWriter(Path(folder), "bucket", 0.0)
        perform(writer, deeds)
        tantivy = TantivyTraceIndex(Path(folder), "bucket")
        compare_indexed(memory, writer)
        for query in queries:
            compare_found(memory, tantivy, query)


def compare_indexed(memory: MemoryIndex, writer: IndexWriter) -> None:
    with writer.updating() as seen, memory.updating() as wanted:
        expected = wanted.indexed()
        assert {trace: seen.indexed().get(trace) for trace in expected} == expected
        assert len(seen.indexed()) == len(expected)
        assert seen.indexed() == expected
        assert "0" * 32 not in seen.indexed()


def compare_found(memory: MemoryIndex, tantivy: TantivyTraceIndex, query: Query) -> None:
    found, expected = tantivy.search(query, 10), memory.search(query, 10)
    assert comparable(found, query) == comparable(expected, query)
    few = tantivy.search(query, 2)
    assert (few.total, few.traces) == (found.total, found.traces[:2])
    if reach(query) is Reach.TRACES:
        assert all(trace.steps == () for trace in found.traces)
