import pytest

from opentraces.adapters.hooks_file.scanning import (
    NotJson,
    place,
    root_of,
    value_of,
)

FAULTS = {
    "nothing": ("", 1, 1, "the file ends too early"),
    "a word": ("model", 1, 1, "'m' should not be here"),
    "an array": ("[]", 1, 1, "the outermost value has to be an object"),
    "a text": ('"a"', 1, 1, "the outermost value has to be an object"),
    "not closed": ('{\n  "a": 1\n', 3, 1, "the file ends too early"),
    "a line comment": ('{\n  "a": 1, // why\n}', 2, 11, "a comment, which JSON has not"),
    "a block comment": ('/* why */ {"a": 1}', 1, 1, "a comment, which JSON has not"),
    "a comment at the end": ("{}\n// why\n", 2, 1, "a comment, which JSON has not"),
    "a trailing comma": ('{"a": 1,\r\n}', 2, 1, "a comma too many before it"),
    "a trailing comma in an array": ('{"a": [1, ]}', 1, 11, "a comma too many before it"),
    "no comma": ('{"a": 1\r "b": 2}', 2, 2, "a text that should not be here"),
    "two commas": ('{"a": 1,, "b": 2}', 1, 9, "',' should not be here"),
    "no colon": ('{"a" 1}', 1, 6, "'1' should not be here"),
    "no value": ('{"a": }', 1, 7, "'}' should not be here"),
    "no key": ("{a: 1}", 1, 2, "'a' should not be here"),
    "single quotes": ("{'a': 1}", 1, 2, '"\'" should not be here'),
    "not a number": ('{"a": NaN}', 1, 7, "'N' should not be here"),
    "a leading zero": ('{"a": 01}', 1, 8, "'1' should not be here"),
    "a digit of another script": ('{"a": ٣}', 1, 7, "should not be here"),
    "a text without an end": ('{"a": "b}', 1, 7, "or does not end"),
    "a tab in a text": ('{"a": "\t"}', 1, 7, "or holds what has to be escaped"),
    "an escape that is none": (r'{"a": "\x"}', 1, 7, "or holds what has to be escaped"),
    "something behind it": ("{} {}", 1, 4, "'{' should not be here"),
    "a space that is none": ('{"a":\u00a01}', 1, 6, "should not be here"),
    "a mark in the middle": ('\ufeff\ufeff{"a": 1}', 1, 1, "should not be here"),
    "a fault behind a mark": ('\ufeff{"a": x}', 1, 7, "'x' should not be here"),
}


@pytest.mark.parametrize(("text", "line", "column", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_with_its_place(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(NotJson) as caught:
        root_of(text)

    assert place(text, caught.value.at) == (line, column)
    assert reason in str(caught.value)


def test_nesting_has_a_limit() -> None:
    assert root_of('{"a":' * 200 + "1" + "}" * 200).parts[0].key == "a"

    with pytest.raises(NotJson, match="deeper"):
        root_of('{"a":' * 300 + "1" + "}" * 300)


def test_a_giant_text_is_scanned_in_one_go() -> None:
    text = '{"a": "' + r"\"x" * 400_000 + '"}'

    [part] = root_of(text).parts
    assert len(value_of(text, part)) == 800_000


def test_parts_have_their_places() -> None:
    text = '\ufeff { "a" : 1 ,\n"\\u0062": [ ] }\n'

    root = root_of(text)

    assert text[root.start : root.end] == text.strip("\ufeff \n")
    assert [text[part.start : part.end] for part in root.parts] == ['"a" : 1', '"\\u0062": [ ]']
    assert [(part.key, value_of(text, part)) for part in root.parts] == [("a", 1), ("b", [])]


def test_of_two_members_of_a_name_the_last_holds() -> None:
    text = '{"a": 1, "a": 2}'
    member = root_of(text).member("a")

    assert member is not None
    assert value_of(text, member) == 2
    assert root_of(text).member("b") is None
