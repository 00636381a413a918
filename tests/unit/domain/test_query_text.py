import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from opentraces.domain.query_text import MOST_CLAUSES, parse_query, query_text

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
DOCS = Path(__file__).parents[3] / "docs" / "query.md"


def parsed(text: str) -> Query:
    return parse_query(text, now=NOW)


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def is_(field: str, value: str) -> Is:
    return Is(Field(field), value)


AMOUNTS = [is_("has", "commit"), is_("cost", ">=0.5"), is_("tokens", "<10k")]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("", []),
        (" \n ", []),
        ("one two", [Term("one"), Term("two")]),
        ('one "two  \n three" four', [Term("one"), Phrase("two three"), Term("four")]),
        ('"one""two"three', [Phrase("one"), Phrase("two"), Term("three")]),
        ("get_user a/b.c", [Term("get_user"), Term("a/b.c")]),
        ("one -two", [Term("one"), Not(Term("two"))]),
        ('one -"two three"', [Term("one"), Not(Phrase("two three"))]),
        ("-one agent:pi", [Not(Term("one")), is_("agent", "pi")]),
        ("-one -agent:pi", [Not(Term("one")), Not(is_("agent", "pi"))]),
        ("-agent:pi", [Not(is_("agent", "pi"))]),
        ("-one", [Term("one")]),
        ('-one -"two three"', [Term("one"), Phrase("two three")]),
        ("agent:claude-code", [is_("agent", "claude-code")]),
        ("tool:mcp__*", [is_("tool", "mcp__*")]),
        ('tool:"Bash"', [is_("tool", "Bash")]),
        ("model:claude-opus-4[1m]", [is_("model", "claude-opus-4[1m]")]),
        ("project:api", [is_("project", "api")]),
        ("project:~/api", [is_("project", "~/api")]),
        ('project:"my app" x', [is_("project", "my app"), Term("x")]),
        ("file:src/**", [is_("file", "src/**")]),
        ("file:*.py", [is_("file", "*.py")]),
        ("file:C:\\code\\a.rs", [is_("file", "C:\\code\\a.rs")]),
        ('-file:"a b.rs" x', [Not(is_("file", "a b.rs")), Term("x")]),
        ("error:yes", [is_("error", "true")]),
        ("error:FALSE", [is_("error", "false")]),
        ("has:Commit cost:>=0.5 tokens:<10k", AMOUNTS),
        ("commit:7D1e0aa -role:user", [is_("commit", "7D1e0aa"), Not(is_("role", "user"))]),
        ('command:"git push" dep:@a/b', [is_("command", "git push"), is_("dep", "@a/b")]),
        ("skill:acme:review", [is_("skill", "acme:review")]),
        ("ko* word~ word~2", [Prefix("ko"), Fuzzy("word", 1), Fuzzy("word", 2)]),
        ("one -ko*", [Term("one"), Not(Prefix("ko"))]),
        ("a OR b c", [Any((Term("a"), Term("b"))), Term("c")]),
        ("a OR b OR c", [Any((Term("a"), Term("b"), Term("c")))]),
        ("(a b) OR c", [Any((All((Term("a"), Term("b"))), Term("c")))]),
        ("x (a OR b)", [Term("x"), Any((Term("a"), Term("b")))]),
        ("(x a OR b) OR c", [Any((All((Term("x"), Any((Term("a"), Term("b"))))), Term("c")))]),
        ("(a OR b) OR c", [Any((Term("a"), Term("b"), Term("c")))]),
        ("x -(a OR b)", [Term("x"), Not(Any((Term("a"), Term("b"))))]),
        ("(tool:Bash OR file:a.py)", [Any((is_("tool", "Bash"), is_("file", "a.py")))]),
        ("(f(x) OR g(y))", [Any((Term("f(x)"), Term("g(y)")))]),
        ("one OR -two", [Any((Term("one"), Not(Term("two"))))]),
        ("-(one OR two)", [Any((Term("one"), Term("two")))]),
        ("-one OR -two", [Any((Term("one"), Term("two")))]),
    ],
)
def test_what_is_meant(text: str, clauses: list[Clause]) -> None:
    assert parsed(text) == Query(tuple(clauses))


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example:80/x?y=1#z",
        "file:///etc/hosts",
        "C:\\Users\\me\\x.py",
        "a:b:c",
        "std::fs::read",
        "project::api",
        "agent:",
        "agent:a:b",
        "agent:???",
        "tool:a::b",
        "file:a.py:12",
        "file:\"",
        "model:,",
        "error:maybe",
        "since:yesterday",
        "since:99999999999d",
        "until:2025-13-01",
        "-since:1d",
        "Agent:pi",
        '"unclosed',
        '-"unclosed',
        '{"model":"opus","error":true}',
        "--all",
        "-n",
        "-",
        "->",
        '"',
        '""',
        "!!!",
        "x" * 300,
        "cost:1",
        "cost:>a",
        "has:everything",
        "commit:7d1",
        "commit:message",
        "role:tool",
        "session:a:b",
        "command:",
        "branch:a!b",
        "(",
        "-(x",
    ],
)  # fmt: skip
def test_what_is_pasted_is_text(text: str) -> None:
    (clause,) = parsed(text).clauses

    assert isinstance(clause, Term | Phrase)
    assert re.findall(r"\w+", clause.text) == re.findall(r"\w+", text)


FIND = "find . -name core -not -path vendor"
FOUND = [
    Term("find"),
    Phrase("-name"),
    Term("core"),
    Phrase("-not"),
    Phrase("-path"),
    Term("vendor"),
]
PASTED_WORDS = [Phrase("(c"), Phrase("ko*"), Phrase("wor~")]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("rm -rf x", [Term("rm"), Phrase("-rf"), Term("x")]),
        ("gcc -Wall -std=c++17", [Term("gcc"), Phrase("-Wall"), Phrase("-std=c++17")]),
        ("-rw-r--r-- root", [Phrase("-rw-r--r--"), Term("root")]),
        ('x -"TODO" -agent:a:b', [Term("x"), Not(Phrase("TODO")), Phrase("-agent:a:b")]),
        ("ls --all", [Term("ls"), Phrase("--all")]),
        ("error: cannot", [Term("error:"), Term("cannot")]),
        ("a -> b", [Term("a"), Term("b")]),
        (FIND, FOUND),
        (
            "curl -sSL https://a.example",
            [Term("curl"), Phrase("-sSL"), Term("https://a.example")],
        ),
        ("go test -run=X -flaky", [Term("go"), Term("test"), Phrase("-run=X"), Phrase("-flaky")]),
        ("a=b -flaky", [Term("a=b"), Phrase("-flaky")]),
        (
            'a=b -"flaky" -tool:Bash',
            [Term("a=b"), Not(Phrase("flaky")), Not(Is(Field.TOOL, "Bash"))],
        ),
        (
            "cost:>1 file:a=b -flaky",
            [Is(Field.COST, ">1"), Is(Field.FILE, "a=b"), Not(Term("flaky"))],
        ),
        ("- def old\n-    new\n+other", [Term("def"), Term("old"), Term("new"), Term("+other")]),
        ("  File x\n-name", [Term("File"), Term("x"), Phrase("-name")]),
        ('say "hi there', [Term("say"), Phrase("hi"), Term("there")]),
        ("a OR", [Term("a"), Phrase("OR")]),
        ("OR a", [Phrase("OR"), Term("a")]),
        (": OR", [Phrase("OR")]),
        ("a OR !!! b", [Any((Term("a"), Term("b")))]),
        ("(a b) c", [Term("a"), Term("b"), Term("c")]),
        ("-(a b) c", [Term("a"), Term("b"), Term("c")]),
        ("((a", [Term("a")]),
        ("a) b", [Term("a)"), Term("b")]),
        ("git reset HEAD~2 *.py a*", [*map(Term, ("git", "reset", "HEAD~2", "*.py", "a*"))]),
        ("a OR b\n(c ko* wor~", [Term("a"), Phrase("OR"), Term("b"), *PASTED_WORDS]),
    ],
)
def test_pasted_pieces(text: str, clauses: list[Clause]) -> None:
    assert parsed(text) == Query(tuple(clauses))


def test_times_are_bounds_and_the_narrowest_counts() -> None:
    query = parsed("since:1d x since:2w until:2026-03-01 until:2026-02-28T23:30")

    assert query.clauses == (Term("x"),)
    assert query.since == milliseconds(NOW - timedelta(days=1))
    assert query.until == milliseconds(datetime(2026, 2, 28, 21, 30, tzinfo=UTC))


def test_negated_text_beside_a_time_stays_negated() -> None:
    assert parsed("-one since:1d").clauses == (Not(Term("one")),)


def test_a_very_long_text_is_bounded() -> None:
    assert len(parsed("word " * 10_000).clauses) == MOST_CLAUSES


PIECES = st.sampled_from(
    [
        "since:1d",
        "until:2h",
        "-agent:x",
        'agent:"a',
        "error:true",
        "-",
        "file:src/**",
        'a"',
        '-"c',
        'd"',
        "--x",
        "-rf",
        "-foo",
        "-since:1d",
        'project:"',
        'tool:"Bash"',
        '"',
        "a:b",
        "-error:no",
        "OR",
        "OR",
        "(",
        ")",
        "-(",
        "(x",
        "y)",
        "-y)",
        "ko*",
        "word~",
        "-word~2",
        "cost:>=10k",
        "has:patch)",
        "since:1d)",
        '"a b")',
        "(x)y",
        "OR)",
    ]
)
PASTED = st.lists(st.text('ab-:" \n\\/.*~()é☃', max_size=12) | PIECES, max_size=12).map(" ".join)


@given(st.text() | PASTED)
def test_any_text_is_a_query_and_its_text_is_the_same_query(text: str) -> None:
    query = parsed(text)

    assert parsed(query_text(query)) == query


TERMS = st.sampled_from(["one", "get_user", "a/b.c", "x\ud83d", "1"]).map(Term)
PHRASES = st.sampled_from(["one two", "since:1d", "-x", "a"]).map(Phrase)
VALUES = st.sampled_from(["x", "a-b", "a b", "/a/b", "*.py", "a:b", "//x y"])
FIELDS = st.builds(Is, st.sampled_from([Field.PROJECT, Field.FILE, Field.TOOL]), VALUES)
ERRORS = st.builds(Is, st.just(Field.ERROR), st.sampled_from(["true", "false"]))
TEXTS = TERMS | PHRASES
LOOSE: st.SearchStrategy[Prefix | Fuzzy] = st.sampled_from(
    [Prefix("ko"), Fuzzy("word", 1), Fuzzy("word", 2)]
)
PARTS: st.SearchStrategy[Clause] = TEXTS | FIELDS | ERRORS | LOOSE
DENIED: st.SearchStrategy[Clause] = st.builds(Not, PHRASES | FIELDS | ERRORS | LOOSE)


def several(
    kind: Callable[[tuple[Clause, ...]], Clause], parts: st.SearchStrategy[Clause]
) -> st.SearchStrategy[Clause]:
    return st.lists(parts, min_size=2, max_size=3).map(lambda found: kind(tuple(found)))


CHOICES = several(Any, PARTS | DENIED | several(All, PARTS | DENIED | several(Any, PARTS)))
TREES = st.builds(
    Query,
    st.builds(
        lambda first, rest: (first, *rest),
        TEXTS | FIELDS | LOOSE,
        st.lists(PARTS | DENIED | CHOICES | st.builds(Not, CHOICES), max_size=4),
    ),
    st.none() | st.integers(-(10**13), 10**14),
    st.none() | st.integers(-(10**13), 10**14),
)


@given(TREES)
def test_the_text_of_a_query_is_read_as_that_query(query: Query) -> None:
    assert parsed(query_text(query)) == query


def examples_of(heading: str) -> list[tuple[str, str]]:
    """The rows of a table of the documentation: each text in it, and what is said of it."""
    section = DOCS.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [row.split(" | ") for row in section.splitlines() if row.startswith("| `")]
    return [(text, said) for typed, said in rows for text in re.findall(r"`([^`]+)`", typed)]


@pytest.mark.parametrize(("text", "said"), examples_of("Paste what you like"))
def test_documented_pastes(text: str, said: str) -> None:
    clauses = parsed(text).clauses

    assert clauses
    assert all(isinstance(c, Term | Phrase) for c in clauses) is said.startswith("text")


@pytest.mark.parametrize(("text", "said"), examples_of("Filters"))
def test_documented_filters(text: str, said: str) -> None:
    query = parsed(text)

    assert said
    assert all(isinstance(clause, Is) for clause in query.clauses)
    assert len(query.clauses) + (query.since is not None) + (query.until is not None) == 1


@pytest.mark.parametrize(("text", "said"), examples_of("Words and phrases"))
def test_documented_words(text: str, said: str) -> None:
    clauses = parsed(text).clauses

    assert any(isinstance(clause, Not) for clause in clauses) is (", and not" in said)
    assert any(isinstance(clause, Any) for clause in clauses) is (
        " OR " in text and "-" not in text
    )
    assert any(isinstance(clause, Prefix) for clause in clauses) is text.endswith("*")
    assert any(isinstance(clause, Fuzzy) for clause in clauses) is ("~" in text)
    assert not any(isinstance(clause, Is) for clause in clauses)


def test_each_filter_is_documented() -> None:
    documented = {text.partition(":")[0] for text, _ in examples_of("Filters")}
    grammar = DOCS.read_text(encoding="utf-8").split("## The grammar\n")[1]

    assert documented == {*Field, "since", "until"}
    assert [name for name in Field if f" {name}" not in grammar] == []
