"""A slice as the docs show it."""

import re

from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.test_help import section
from tests.integration.cli.test_json_contract import example, shape
from tests.integration.cli.test_map import mapped, widgets
from tests.integration.cli.trail.widgets import Widgets

__all__ = ["mapped", "widgets"]


def test_the_example_of_the_docs_is_what_is_printed(
    mapped: str, widgets: Widgets, call: Call, document: Document
) -> None:
    lines = section("`opentraces trace slice ADDRESS`")
    short = document("trace", "map", mapped)["trace_id"][:8]
    start = lines.index("$ opentraces trace slice a1f3c2d4 --template tests --max-tokens 300") + 1
    shown = lines[start : start + lines[start:].index("````")]

    printed = call("trace", "slice", mapped, "--template", "tests", "--max-tokens", "300").stdout

    first = printed.partition("\n\n# Evidence")[0]
    told = first.replace(short, "a1f3c2d4").replace(str(widgets.folder), "/home/dev/widgets")
    (nonce,) = set(re.findall(r"--- BEGIN untrusted_transcript ([0-9a-f]{32}) ---", told))
    told = told.replace(nonce, "0b1c2d3e4f5061728394a5b6c7d8e9f0")
    assert [line.rstrip() for line in told.splitlines()] == [
        line.removeprefix("    ").rstrip() for line in shown
    ]


def test_the_json_has_the_shape_that_the_docs_say(mapped: str, document: Document) -> None:
    assert shape(document("trace", "slice", mapped)) == shape(example("trace slice"))
