"""The docs show what is printed of one session that is made up."""

import re

import pytest

from opentraces.domain.ids import TraceId
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.test_help import section
from tests.integration.cli.test_json_contract import example, shape

SHOWN = "a1f3c2d4"
INDENT = "    "
WORD = re.compile("[0-9a-f]{32}")
HEADINGS = {
    "show": ("ADDRESS", ["{}:3"]),
    "diff": ("BEFORE AFTER", ["{}:2", "{}:3"]),
    "compactions": ("TRACE", ["{}"]),
    "tree": ("TRACE", ["{}"]),
    "tokens": ("ADDRESS", ["{}:2"]),
    "handover": ("ADDRESS", ["{}"]),
}


DOCUMENTS = {
    "show": ["{}:3"],
    "diff": ["{}:6", "{}:10"],
    "compactions": ["{}"],
    "tree": ["{}"],
    "tokens": ["{}:2"],
    "handover": ["{}"],
}


@pytest.mark.parametrize("name", HEADINGS)
def test_an_example_is_what_is_printed(uploads: TraceId, call: Call, name: str) -> None:
    heading, arguments = HEADINGS[name]
    lines = section(f"`opentraces ctx {name} {heading}`")
    at = lines.index("````text")
    shown = [line.removeprefix(INDENT) for line in lines[at + 2 : lines.index("````", at)]]

    printed = call("ctx", name, *(each.format(uploads[:8]) for each in arguments)).stdout

    asked = " ".join(each.format(SHOWN) for each in arguments)
    assert lines[at + 1] == f"$ opentraces ctx {name} {asked}"
    assert shown == [blinded(line) for line in printed.replace(uploads[:8], SHOWN).splitlines()]


def blinded(line: str) -> str:
    """Return a line as it stands in the docs: the word follows from the session's real id."""
    return WORD.sub("c0ffee00" * 4, line).rstrip()


@pytest.mark.parametrize("name", HEADINGS)
def test_a_document_has_the_keys_of_the_docs(
    uploads: TraceId, document: Document, name: str
) -> None:
    printed = document("ctx", name, *(each.format(uploads) for each in DOCUMENTS[name]))

    assert shape(printed) == shape(example(f"ctx {name}"))
