"""Templates: JSON that names where its parts are kept."""

from typing import Any

import pytest

from opentraces.domain.context.templates import (
    Kept,
    Place,
    at,
    join,
    literal,
    placed,
    pointed,
    render,
)
from opentraces.domain.errors import Corrupt

LINE = {"message": {"content": [{"type": "text", "text": "Fix it."}, "bare"], "a/b": {"~": 1}}}


class Holding(Kept):
    """One line of one source, one blob, one part and one body."""

    def value(self, place: Place) -> Any:
        if place[:3] != (0, 10, 90):
            raise Corrupt(f"nothing stands at {place}")
        return pointed(LINE, place[3])

    def blob(self, blob: str) -> Any:
        return {"ab": [{"name": "Read"}]}[blob]

    def part(self, part: str) -> Any:
        return {"p1": {"type": "text", "text": "shared"}}[part]

    def head(self, body: str, count: int) -> list[Any]:
        return {"b1": ["one", "two", "three"]}[body][:count]

    def text(self, body: str) -> str:
        return {"b1": "text of it"}[body]


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("text", "text"),
        (7, 7),
        (None, None),
        ({"type": "text", "n": [1, None, True]}, {"type": "text", "n": [1, None, True]}),
        (at(10, 90, "/message/content/0"), {"type": "text", "text": "Fix it."}),
        (at(10, 90, "/message/content/0", ("text",)), {"type": "text"}),
        (at(10, 90, "/message/content/1"), "bare"),
        (at(10, 90, "/message/a~1b/~0"), 1),
        (at(10, 90, ""), LINE),
        ([at(10, 90, "/message/content/1"), 1], ["bare", 1]),
        (join("<a>", at(10, 90, "/message/content/1"), "</a>"), "<a>bare</a>"),
        ({"$trim": join(" \n\ufeff", at(10, 90, "/message/content/1"), "\xa0\t")}, "bare"),
        ({"$trim": "\x1cnot that\x85"}, "\x1cnot that\x85"),
        ({"$numbered": [join(at(10, 90, "/message/content/1"), "\n"), 9]}, "9\tbare\n10\t"),
        ({"$blob": "ab"}, [{"name": "Read"}]),
        (
            {"role": "user", "content": {"$part": "p1"}},
            {"role": "user", "content": {"type": "text", "text": "shared"}},
        ),
        ({"$concat": [{"$head": ["b1", 2]}, ["new"]]}, ["one", "two", "new"]),
        (literal({"$from": "a word"}), {"$from": "a word"}),
        (
            {"$marked": [[{"a": [{"b": 1}]}, 2], {"/0/a/0": {"c": 3}, "/0": {"d": 4}}]},
            [{"a": [{"b": 1, "c": 3}], "d": 4}, 2],
        ),
        ({"$marked": [{"$head": ["b1", 2]}, {}]}, ["one", "two"]),
        ({"$join": [{"$text": ["b1", 0, 4]}, "!", {"$text": ["b1", 5, 8]}]}, "text!of "),
    ],
)
def test_a_template_stands_for_what_it_names(template: Any, value: Any) -> None:
    assert render(template, Holding()) == value


@pytest.mark.parametrize(
    "value",
    [
        "text",
        {"$join": ["a"]},
        {"a": {"$from": [1]}, "b": [{"$part": 1}, {"$literal": 2}]},
        [{"x": {"$blob": None}}],
        {"$unknown": 1},
    ],
)
def test_a_literal_stands_for_itself_whatever_it_looks_like(value: Any) -> None:
    assert render(literal(value), Holding()) == value
    assert render(placed(literal(value), 3), Holding()) == value


@pytest.mark.parametrize(
    "template",
    [
        at(11, 90, ""),
        at(10, 90, "/message/nothing"),
        at(10, 90, "/message/content/9"),
        at(10, 90, "/message/content/x"),
        {"$from": [0, 10]},
        {"$from": "here"},
        {"$join": [7]},
        {"$trim": 7},
        {"$numbered": ["a", "b"]},
        {"$numbered": [7, 1]},
        {"$concat": [7]},
        {"$blob": "cd"},
        {"$part": "p2"},
        {"$head": ["b2", 1]},
        {"$head": 7},
        {"$marked": [{"a": 1}, {"/b": {"c": 1}}]},
        {"$marked": [["a"], {"/x": {"c": 1}}]},
        {"$marked": ["a", {"": {"c": 1}}]},
        {"$marked": 7},
        {"$text": ["b2", 0, 1]},
        {"$text": "here"},
    ],
)
def test_what_cannot_be_put_together_is_damage(template: Any) -> None:
    with pytest.raises(Corrupt):
        render(template, Holding())


def test_places_get_the_number_of_their_source() -> None:
    template = {"type": "text", "text": join("a", at(1, 2, "/b")), "c": [at(3, 4, "", ("d",))]}

    assert placed(template, 5) == {
        "type": "text",
        "text": {"$join": ["a", {"$from": [5, 1, 2, "/b"]}]},
        "c": [{"$from": [5, 3, 4, ""], "without": ["d"]}],
    }
    assert placed(template, 0) == template


def test_neighbouring_words_are_joined_at_once() -> None:
    assert join("a", "b", "c") == "abc"
    assert join("a", "b", at(1, 2, ""), "c", "d") == {"$join": ["ab", at(1, 2, ""), "cd"]}
