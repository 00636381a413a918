"""Whatever JSON text settings are, our hooks go in and come out, and nothing else changes."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.claude_code.setup import HOOKS as CLAUDE_CODE
from opentraces.adapters.hooks_file.command import Command, groups_of
from opentraces.adapters.hooks_file.env_text import env_of, with_env, without_env
from opentraces.adapters.hooks_file.hooks_text import frame_of, is_ours
from opentraces.adapters.hooks_file.merging import with_ours, without_ours
from opentraces.adapters.hooks_file.scanning import NotJson, root_of
from opentraces.domain.telemetry.environment import MARK, wanted_environment

WANTED = groups_of(
    Command("/py thon", "/me/.claude/hooks/opentraces/it.py", "/hö'me"), CLAUDE_CODE.points
)
OTHERS = groups_of(
    Command("/python4", "/you/.claude/hooks/opentraces/it.py", "/there"), CLAUDE_CODE.points
)

TOLD = wanted_environment(4318, f"{MARK}0123456789abcdef", "/hö'me/spool/bodies")

SPACES = st.sampled_from(["", "", "", " ", "  ", "\t", "\n", "\n  ", "\r\n\t", "\r", " \n\n "])
SIMPLE = st.sampled_from([None, True, False, 0, -1.5e300, "", "a", 'q"\\\n', "ü😀", "\u2028\x7f"])


class Pairs(list[tuple[str, Any]]):
    """An object as text may have it: a key may stand twice."""


def pairs(keys: st.SearchStrategy[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(st.tuples(keys, values), max_size=4).map(Pairs)


VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner, max_size=3) | pairs(st.sampled_from(["a", "ä", "hooks"]), inner),
    max_leaves=6,
)
HANDLERS = VALUES | st.just(Pairs([("type", "command"), ("command", "say /hooks/opentrace")]))
GROUPS = VALUES | st.builds(
    lambda handlers: Pairs([("matcher", "Bash"), ("hooks", handlers)]),
    st.lists(HANDLERS, max_size=2),
)
HOOKS = pairs(
    st.sampled_from([*CLAUDE_CODE.events[:3], "Stop", "Nope"]), st.lists(GROUPS, max_size=3)
)
ROOTS = st.builds(
    lambda before, hooks, after: Pairs([*before, *(("hooks", one) for one in hooks), *after]),
    pairs(st.sampled_from(["model", "env", "model "]), VALUES),
    st.lists(HOOKS, max_size=2),
    pairs(st.sampled_from(["permissions", "Hooks"]), VALUES),
)


def tokens(value: Any) -> Iterator[str]:
    """The text of a value, cut wherever white space may stand."""
    if isinstance(value, Pairs):
        yield "{"
        for number, (key, item) in enumerate(value):
            yield from ([","] if number else [])
            yield from (json.dumps(key), ":")
            yield from tokens(item)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for number, item in enumerate(value):
            yield from ([","] if number else [])
            yield from tokens(item)
        yield "]"
    else:
        yield json.dumps(value, ensure_ascii=False)


def plain(value: Any) -> Any:
    """A value as it holds: of two members of a name the last."""
    if isinstance(value, Pairs):
        return {key: plain(item) for key, item in value}
    return [plain(item) for item in value] if isinstance(value, list) else value


@st.composite
def wild(draw: st.DrawFn) -> str:
    """JSON text with any white space anywhere."""
    words = list(tokens(draw(ROOTS)))
    gaps = draw(st.lists(SPACES, min_size=len(words) + 1, max_size=len(words) + 1))
    return draw(st.sampled_from(["", "\ufeff"])) + "".join(
        part for pair in zip(gaps, [*words, ""], strict=True) for part in pair
    )


@st.composite
def tidy(draw: st.DrawFn) -> str:
    """JSON text as some program would write it."""
    indent = draw(st.sampled_from([None, 0, 1, 2, 4, 8, "\t"]))
    separators = draw(st.sampled_from([(",", ":"), (",", ": "), (", ", ": "), (" ,", " : ")]))
    text = json.dumps(
        plain(draw(ROOTS)),
        indent=indent,
        separators=separators,
        ensure_ascii=draw(st.booleans()),
    )
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    end = draw(st.sampled_from(["", "\n", "\n\n"]))
    return (text + end).replace("\n", newline)


TEXTS = wild() | tidy()


@given(TEXTS)
def test_put_in_and_taken_out_the_text_is_as_before(text: str) -> None:
    assert without_ours(with_ours(text, WANTED, frame_of(text)), frame_of(text)) == text


@given(TEXTS)
def test_put_in_twice_is_put_in_once(text: str) -> None:
    once = with_ours(text, WANTED, frame_of(text))

    assert with_ours(once, WANTED, frame_of(text)) == once


@given(TEXTS)
def test_told_and_told_no_more_the_text_is_as_before(text: str) -> None:
    frame = frame_of(text)
    told = {key: value for key, value in TOLD.items() if key not in env_of(text)}
    try:
        once = with_env(text, told, frozenset())
    except NotJson:
        return  # what stands there is no object
    assert with_env(once, told, frozenset(told)) == once
    assert without_env(once, frozenset(told), frame) == text


@given(TEXTS)
def test_brought_up_to_date_and_taken_out_the_text_is_as_before(text: str) -> None:
    first = with_ours(text, OTHERS, frame_of(text))
    second = with_ours(first, WANTED, frame_of(text))

    assert second == with_ours(second, WANTED, frame_of(text)) != first
    assert without_ours(second, frame_of(text)) == text


@given(TEXTS)
def test_put_in_each_event_has_one_of_ours_behind_all_that_was_there(text: str) -> None:
    before = read(text)
    after = read(with_ours(text, WANTED, frame_of(text)))

    hooks = before.get("hooks", {})
    assert after == before | {
        "hooks": hooks
        | {event: [*hooks.get(event, []), group.value()] for event, group in WANTED.items()}
    }
    assert all(is_ours(after["hooks"][event][-1]["hooks"][0]) for event in CLAUDE_CODE.events)


@given(TEXTS)
def test_all_that_was_there_stands_there_in_the_same_order(text: str) -> None:
    after = iter(with_ours(text, WANTED, frame_of(text)))

    assert all(character in after for character in text)


@given(TEXTS, st.data())
def test_what_is_read_is_what_json_is(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 2))
    put = data.draw(
        st.sampled_from(["", ",", "}", "]", "[", '"', "\\", "0", "-", "//", "nul", ":"])
    )
    mangled = text[:at] + put + text[at + cut :]

    assert is_object(mangled) == (fault_in(mangled) is None)


@given(TEXTS, st.data())
def test_a_fault_has_its_place_in_the_text(text: str, data: st.DataObject) -> None:
    cut = text[: data.draw(st.integers(0, len(text.rstrip()) - 1))]

    fault = fault_in(cut)
    assert fault is not None
    assert 0 <= fault.at <= len(cut)


def fault_in(text: str) -> NotJson | None:
    try:
        root_of(text)
    except NotJson as error:
        return error
    return None


def is_object(text: str) -> bool:
    try:
        return isinstance(read(text), dict)
    except ValueError:
        return False


def read(text: str) -> Any:
    return json.loads(text.removeprefix("\ufeff"), parse_constant=refuse)


def refuse(word: str) -> NoReturn:
    raise ValueError(word)
