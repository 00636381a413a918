"""Literals in JavaScript, read without running it."""

from time import process_time

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.codex_cli.scripts import literals_with


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("", []),
        ("call('BEGIN');", ["BEGIN"]),
        (
            'call("BEGIN\\nit\'s \\"so\\"\\t\\\\n\\x41\\u0042\\u{43}\\q\\0")',
            ['BEGIN\nit\'s "so"\t\\nABCq\0'],
        ),
        ('call("BEGIN \\ud83d\\ude00 \\ud83d!")', ["BEGIN \U0001f600 \ufffd!"]),
        ("call(`\n  BEGIN\n${'`'}`)", []),
        ("call(`\n  BEGIN\n\\${x} \\` $y`)", ["BEGIN\n${x} ` $y"]),
        ("call(`BEGIN \\\\${x}`)", []),
        ("call(String.raw`BEGIN \\n \\x`)", ["BEGIN \\n \\x"]),
        ("call('\\n\\nBEGIN')", ["BEGIN"]),
        ("call('\\\nBEGIN a\\\nb')", ["BEGIN ab"]),
        ("call(x + 'BEGIN') + BEGIN + 'a BEGIN' + 'BEGIN 2'", ["BEGIN", "BEGIN 2"]),
        ("call('BEGIN", []),
        ("call('BEGIN\\", []),
        ('call("BEGIN \\u{110000}")', ["BEGIN \U0010ffff"]),
    ],
)
def test_literals_are_read(script: str, expected: list[str]) -> None:
    assert literals_with(script, "BEGIN") == expected


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_json_quotes_is_read_back(text: str) -> None:
    quoted = orjson.dumps(f"BEGIN{text}").decode()

    assert literals_with(f"await tools.apply_patch({quoted});", "BEGIN") == [f"BEGIN{text}"]


@pytest.mark.parametrize("part", ["'BEGIN", "BEGIN", "'BEGIN\\", "`BEGIN${", " \n", "\\\\${"])
def test_long_scripts_take_no_long_time(part: str) -> None:
    begun = process_time()

    literals_with(f"`BEGIN{part * 200_000}", "BEGIN")
    literals_with(f"{part * 200_000}BEGIN", "BEGIN")

    assert process_time() - begun < 10
