import re
import time

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
    Term,
)
from opentraces.domain.search import Place
from opentraces.domain.snippets import opening, richest_snippet, snippet
from opentraces.domain.words import words


@pytest.mark.parametrize(
    ("text", "clauses", "expected"),
    [
        ("a needle here", [Term("needle")], "a «needle» here"),
        ("a Needle, NEEDLE", [Term("needle")], "a «Needle», «NEEDLE»"),
        ("needles need", [Term("needle")], None),
        ("", [Term("needle")], None),
        ("a needle", [], None),
        ("a needle", [Not(Term("needle")), Is(Field.TOOL, "needle")], None),
        ("a\n\n  needle\there", [Term("needle")], "a «needle» here"),
        ("Connection refused.", [Term("connection"), Term("refused")], "«Connection refused»."),
        ("one, two", [Term("one"), Term("two")], "«one», «two»"),
        ("x get_user() y", [Term("get_user")], "x «get_user»() y"),
        ("get User get-user", [Phrase("get_user")], "«get User get-user»"),
        ("user get", [Phrase("get user")], None),
        ("foo_bar", [Term("bar")], "foo_«bar»"),
        ("a konto, Konten", [Prefix("kon")], "a «konto», «Konten»"),
        ("akonto", [Prefix("kon")], None),
        ("we recieved it", [Fuzzy("received", 1)], "we «recieved» it"),
        ("we recv it", [Fuzzy("received", 2)], None),
        ("x getUserName() y", [Term("user")], "x get«User»Name() y"),
        ("x getUserName() y", [Term("UserName")], "x get«UserName»() y"),
        ("x getUserName() y", [Phrase("get user")], "x «getUser»Name() y"),
        ("x getUserName() y", [Term("get_user")], "x «getUser»Name() y"),
        ("x getUserName() y", [Prefix("us")], "x get«User»Name() y"),
        ("x getUserName() y", [Fuzzy("usre", 1)], "x get«User»Name() y"),
        ("x getUserName() y", [Term("ser")], None),
        ("getUser user", [Term("user")], "getUser «user»"),
        ("get_user_name", [Term("getUserName")], "«get_user_name»"),
        ("one two", [Any((Term("two"), Term("three")))], "one «two»"),
        ("one two", [Any((All((Term("one"), Term("x"))), Not(Term("two"))))], "«one» two"),
        ("a.b", [Term("!!")], None),
        ("İstanbul", [Term("İSTANBUL")], "«İstanbul»"),
        ("ΛΌΓΟΙ x", [Term("λόγοι")], "«ΛΌΓΟΙ» x"),
        ("हिन्दी", [Term("हिन्दी")], "«हिन्दी»"),
        ("हिन", [Term("ह")], None),
        ("aⒶ bⒶ b", [Term("b")], "aⒶ bⒶ «b»"),
        (f"a {'x' * 300} b", [Phrase(f"a {'y' * 300} b")], f"«a {'x' * 158}»…"),
    ],
)
def test_found_words_are_marked(text: str, clauses: list[Clause], expected: str | None) -> None:
    assert snippet(text, clauses) == expected


def test_what_is_cut_ends_in_dots() -> None:
    text = f"{'before ' * 100}needle{' after' * 100}"

    shown = snippet(text, [Term("needle")], width=40)
    assert shown == "…before before «needle» after after…"


def test_the_piece_with_the_most_of_what_is_asked_for_is_shown() -> None:
    gap = " filler" * 100
    text = f"one one one{gap} two one{gap} three"

    shown = snippet(text, [Term("one"), Term("two")], width=30)
    assert shown is not None
    assert "«two one»" in shown


def test_a_phrase_longer_than_the_width_is_cut() -> None:
    shown = snippet("x one two three four", [Phrase("one two three four")], width=9)

    assert shown == "…«one two t»…"


def test_the_richest_place_is_chosen_and_the_first_of_equals() -> None:
    texts = {Place.USER: "one", Place.AGENT: "one two", Place.TOOL: "two one"}

    assert richest_snippet(texts, [Term("one"), Term("two")]) == (Place.AGENT, "«one two»")
    assert richest_snippet(texts, [Term("three")]) is None


def test_megabytes_take_no_time() -> None:
    text = "lorem ipsum a dolor\n" * 150_000 + "needle"
    begin = time.process_time()

    assert snippet(text, [Term("a"), Term("needle")]) is not None
    assert (snippet(text, [Term("needle")]) or "").endswith("«needle»")
    assert time.process_time() - begin < 2


def test_an_opening_is_one_line() -> None:
    assert opening("  a\n\n b  ") == "a b"
    assert opening("word " * 100, width=12) == "word word…"
    assert opening("x" * 100, width=12) == f"{'x' * 12}…"
    assert opening("") == ""


TEXTS = st.text("ab é_\n.İΣⒶ\u0903«", max_size=60)
CLAUSES = st.lists(
    st.text("ab é_İⒶ", min_size=1, max_size=5).map(Term) | st.text("ab ", max_size=5).map(Phrase),
    max_size=3,
)


@given(TEXTS, CLAUSES, st.integers(5, 60))
def test_a_snippet_is_one_short_line_of_the_text(
    text: str, clauses: list[Term | Phrase], width: int
) -> None:
    shown = snippet(text, clauses, width)
    if shown is None:
        return
    bare = re.sub("[«»…]", "", shown)
    assert re.sub(r"\W", "", bare) in re.sub(r"\W", "", text)
    assert len(bare) <= width
    assert "\n" not in shown


@given(TEXTS, st.text("abé_İ", min_size=1, max_size=4))
def test_a_term_of_one_word_is_shown_where_it_is_a_word(text: str, term: str) -> None:
    (word, *others) = words(term) or [""]
    if word and not others:
        assert (snippet(text, [Term(term)]) is not None) is (word in words(text))
