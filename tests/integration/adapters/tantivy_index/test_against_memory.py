"""Any documents, any queries: tantivy finds the traces that looking at everything finds."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraces.adapters.memory.index import MemoryIndex
from opentraces.adapters.tantivy_index.index import TantivyTraceIndex
from opentraces.adapters.tantivy_index.writer import TantivyIndexWriter
from opentraces.domain.ids import SessionId, StepKey, TraceId, trace_id
from opentraces.domain.query import (
    All,
    Any,
    Clause,
    Field,
    Fuzzy,
    Is,
    Not,
    Phrase,
    Prefix,
    Query,
    Term,
)
from opentraces.domain.reach import Reach, order_of, reach
from opentraces.domain.search import Facet, Found, Order, Place
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.ports.index_writing import IndexWriter
from tests.contracts.trace_index import step, whole

T = TypeVar("T")

WORDS = ["one", "two", "three", "get_user", "getUser", "ΑΣ", "!", "x" * 300, "résumé"]
MOMENTS = st.sampled_from([0, 10, 20, 30])
TRACES = st.sampled_from([trace_id("pi", SessionId(str(number))) for number in range(6)])
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
SHORT = [word for word in WORDS if len(word) < 256]
ROW = st.lists(st.sampled_from(SHORT), min_size=1, max_size=5).map(" ".join)
"""What is asked for in a row. In the engine the gap between two places of a step is as wide as a
word that is too long to be found, so that a row around such a word may stand in both of them."""
TOOLS = ["Bash", "Edit", "mcp__git__log"]
FILES = ["/home/dev/src/main.py", "src/main.py", "README.md", "C:\\code\\a b.rs"]
MODELS = ["claude-opus-4-1", "gpt-5", "claude-haiku-4-5"]
AGENTS = ["claude-code", "codex-cli"]
PROJECTS = ["/home/dev/api", "/home/dev/web", "api", ""]
NAMES = ["get user", "user name"]
SKILLS = ["review", "acme:Deploy"]
COMMANDS = ["git push --force", "pytest -q"]
DEPS = ["click", "@acme/Widgets"]
REPOS = ["github.com/acme/Widgets", "github.com/acme/api", ""]
BRANCHES = ["main", "feature/Retry"]
HAVINGS = ["patch", "commit", "compaction", "subagent"]
COMMITS = [("7d1e0aa" + "0" * 33, "Two retries"), ("e02b9c4" + "0" * 33, "")]
KEYS = st.sampled_from([StepKey("0" * 15 + digit) for digit in "123f"])
COSTS = st.sampled_from([None, 0, 5, 2_000_000])


def some(values: Sequence[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


STEPS = st.builds(
    step,
    TRACES,
    st.integers(1, 4),
    texts=st.dictionaries(
        st.sampled_from([place for place in Place if place not in (Place.TITLE, Place.COMMIT)]),
        TEXT,
        min_size=1,
        max_size=3,
    ),
    moment=MOMENTS,
    tools=st.lists(st.sampled_from(TOOLS), max_size=2).map(tuple),
    files=st.lists(st.sampled_from(FILES), max_size=2).map(tuple),
    model=st.sampled_from([*MODELS, None]),
    error=st.booleans(),
    role=st.sampled_from(["user", "agent"]),
    skills=some(SKILLS),
    commands=some(COMMANDS),
    deps=some(DEPS),
    names=some(NAMES),
    key=KEYS,
    tokens=st.integers(0, 3),
    cost=COSTS,
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
    session=st.sampled_from(["abcd-1", "abcE-2"]).map(SessionId),
    repo=st.sampled_from(REPOS),
    branches=some(BRANCHES),
    has=some(HAVINGS),
    commits=some(COMMITS),
    deps=some(DEPS),
    names=some(NAMES),
    replays=st.lists(KEYS, max_size=2).map(tuple),
    tokens=st.integers(0, 3),
    cost=COSTS,
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
    st.builds(Phrase, ROW),
    st.builds(Prefix, st.sampled_from(["on", "résu", "us", "nowhere"])),
    st.builds(Fuzzy, st.sampled_from(["oen", "thre", "user", "résume"]), st.integers(1, 2)),
    st.builds(Term, st.sampled_from(["UserName", "getUser"])),
    asked(Field.SKILL, *SKILLS, "REVIEW", "acme:*", "rev"),
    asked(Field.COMMAND, "git push", "push git", "pytest", "!"),
    asked(Field.DEP, "CLICK", "@acme/*", "acme"),
    asked(Field.ROLE, "user", "agent", "system"),
    asked(Field.REPO, "acme/widgets", "widgets", "github.com", "acme/*", "widget"),
    asked(Field.BRANCH, "MAIN", "feature/*", "feature"),
    asked(Field.COMMIT, "7d1e", "e02b9c4", "0000"),
    asked(Field.SESSION, "abcd", "ABCE-2", "bcd"),
    asked(Field.TRACE, trace_id("pi", SessionId("1"))[:8], "0" * 8),
    asked(Field.HAS, *HAVINGS, "error"),
    asked(Field.COST, ">1", "<=0", "<0.000006", ">=2", "<0"),
    asked(Field.TOKENS, ">3", "<=4", ">=1k", "nothing"),
    asked(Field.TOOL, *TOOLS, "bash", "mcp__*", "*", "*i*", "nothing"),
    asked(Field.FILE, *FILES, "src", "src/**", "*.py", "dev/*/main.py", "?*", "a b.rs", "a" * 1500),
    asked(Field.MODEL, *MODELS, "claude", "4", "!"),
    asked(Field.ERROR, "true", "false"),
    asked(Field.AGENT, *AGENTS, "claude", "nobody", "!"),
    asked(Field.PROJECT, "api", "dev", "/home/dev", "/home/dev/api", "/home/*/web", "/dev", "!"),
)
LEAVES = st.one_of(PLAIN, PLAIN, st.builds(Not, PLAIN))


def several(
    kind: Callable[[tuple[Clause, ...]], Clause], parts: st.SearchStrategy[Clause]
) -> st.SearchStrategy[Clause]:
    return st.lists(parts, min_size=2, max_size=3).map(lambda found: kind(tuple(found)))


ANY = several(Any, LEAVES | several(All, LEAVES))
CLAUSES = st.one_of(LEAVES, LEAVES, LEAVES, ANY, st.builds(Not, ANY))
QUERIES = st.builds(
    Query,
    st.lists(CLAUSES, max_size=3).map(tuple),
    st.none() | st.none() | MOMENTS,
    st.none() | st.none() | MOMENTS,
)


def perform(writer: IndexWriter, deeds: Sequence[Deed]) -> None:
    """Do it all; at last every trace is put as a whole: what it adds up to is of steps before."""
    steps: set[tuple[TraceId, int]] = set()
    wholes: dict[TraceId, TraceDocument] = {}
    with writer.updating() as update:
        for deed in deeds:
            if isinstance(deed, StepDocument):
                update.put_step(deed, replaces=(deed.trace, deed.step) in steps)
                steps.add((deed.trace, deed.step))
            elif isinstance(deed, TraceDocument):
                update.put_trace(deed)
                wholes[deed.trace] = deed
            elif deed is None:
                update.commit()
            else:
                update.forget(deed)
                steps = {key for key in steps if key[0] != deed}
                wholes.pop(deed, None)
        for trace in {*wholes, *(trace for trace, _ in steps)}:
            update.put_trace(wholes.get(trace, whole(trace)))
        update.commit()


def comparable(found: Found, order: Order) -> object:
    """What must be equal: by relevance all but scores, the order and what follows from it."""
    if order is Order.RELEVANCE:
        answers = {trace.trace: (len(trace.steps), trace.cost) for trace in found.traces}
        return (found.total, found.is_all, answers)
    if order is Order.COST:
        traces = tuple((t.trace, t.cursor, t.cost, len(t.steps)) for t in found.traces)
        return (found.total, found.is_all, traces)
    return found


BOUNDS = {
    "asking._MOST_KEYS": 0,
    "asking._COUNTED_AT_ONCE": 3,
    "asking._FEW_KEYS": 1,
    "asking._HELD": 1,
    "among._MOST_KEYS": 2,
    "ranking._FIRST_LOOK": 1,
    "ranking._FIRST_FOUND": 2,
    "ranking._MORE": 2,
    "ranking_by_cost._MOST_KEYS": 1,
    "counting._MOST_KEYS": 1,
    "committed._FEW": 1,
}
"""What is done otherwise when there is much, for little: the ways of a hundred thousand traces."""


@pytest.mark.parametrize("bounds", [{}, BOUNDS], ids=["as-it-is", "as-of-much"])
@settings(max_examples=10)
@given(deeds=DEEDS, queries=st.lists(QUERIES, min_size=15, max_size=25))
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
        for query, order, facet in zip(queries, cycle(Order), cycle(Facet), strict=False):
            compare_found(memory, tantivy, query, order)
            assert tantivy.count(query, facet) == memory.count(query, facet)


def compare_indexed(memory: MemoryIndex, writer: IndexWriter) -> None:
    with writer.updating() as seen, memory.updating() as wanted:
        expected = wanted.indexed()
        assert {trace: seen.indexed().get(trace) for trace in expected} == expected
        assert len(seen.indexed()) == len(expected)
        assert seen.indexed() == expected
        assert "0" * 32 not in seen.indexed()


def compare_found(
    memory: MemoryIndex, tantivy: TantivyTraceIndex, query: Query, order: Order
) -> None:
    found, expected = (index.search(query, 10, order=order) for index in (tantivy, memory))
    told = order_of(query, order)
    assert comparable(found, told) == comparable(expected, told)
    few = tantivy.search(query, 2, order=order)
    assert (few.total, few.traces) == (found.total, found.traces[:2])
    for at, trace in enumerate(found.traces[1:3], 2):
        rest = tantivy.search(query, 10, order=order, after=trace.cursor)
        assert (rest.total, rest.traces) == (found.total, found.traces[at:])
    if reach(query) is Reach.TRACES:
        assert all(trace.steps == () for trace in found.traces)
