"""Options of a query, and how its arguments become a text."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraces.domain.errors import BadRequest
from opentraces.domain.query import Field, Is, Not, Query, Term
from opentraces.entrypoints.cli.asked import query_of
from tests.integration.cli.conftest import Call, Document

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"tool": "Bash"}, "tool:Bash"),
        ({"agent": "claude-code"}, "agent:claude-code"),
        ({"project": "my folder"}, 'project:"my folder"'),
        ({"file": "src/**"}, "file:src/**"),
        ({"model": "opus"}, "model:opus"),
        ({"error": True}, "error:true"),
        ({"error": False}, "error:false"),
        ({"since": "7d"}, "since:7d"),
        ({"until": "2026-01-02"}, "until:2026-01-02"),
        ({"tool": "Bash", "since": "7d", "error": None}, "tool:Bash since:7d"),
    ],
)
def test_an_option_is_the_field_of_its_name(
    options: dict[str, str | bool | None], text: str
) -> None:
    assert query_of("", options, NOW) == query_of(text, {}, NOW)


def test_options_narrow_the_text() -> None:
    asked = query_of("retry -flaky tool:Edit", {"tool": "Bash"}, NOW)

    assert asked == Query(
        (Term("retry"), Not(Term("flaky")), Is(Field.TOOL, "Edit"), Is(Field.TOOL, "Bash"))
    )


def test_of_two_bounds_the_narrower_holds() -> None:
    both = query_of("since:1d until:2h", {"since": "2d", "until": "3h"}, NOW)

    assert both == query_of("since:1d until:3h", {}, NOW)


@pytest.mark.parametrize("options", [{"project": ""}, {"tool": "!"}, {"since": "soon"}])
def test_a_value_that_names_nothing_is_refused(options: dict[str, str | bool | None]) -> None:
    with pytest.raises(BadRequest):
        query_of("", options, NOW)


def totals(document: Document, *queries: str) -> list[int]:
    return [document("trace", "query", *query.split("|"))["total"] for query in queries]


def test_arguments_are_joined(kept: Path, document: Document) -> None:
    assert totals(document, "sub|function", "sub function", '"sub function"') == [1, 1, 1]
    assert totals(document, '"function sub"', "no such words") == [0, 0]


def test_one_dash_is_text_and_two_are_an_option(kept: Path, document: Document, call: Call) -> None:
    everything = document("trace", "query", "TASK-MAIN")["total"]

    assert totals(document, "TASK-MAIN|-subagents", "TASK-MAIN|-hello") == [1, everything]
    assert call("trace", "query", "--", "--no-such-word").stdout.startswith("0 traces")
    assert call("trace", "query", "x", "-h").stdout.startswith("Usage:")
    assert not call("trace", "query", "--", "-h").stdout.startswith("Usage:")


@pytest.mark.parametrize("name", ["--project", "--tool", "--file", "--since", "--agent", "--model"])
def test_each_option_narrows(name: str, kept: Path, document: Document) -> None:
    narrow = {
        "--project": "subagent",
        "--tool": "Agent",
        "--file": "NOTES.md",
        "--since": "2100-01-01",
        "--agent": "codex-cli",
        "--model": "no-such-model",
    }

    assert document("trace", "query", name, narrow[name])["total"] < 2


def test_the_limit_is_obeyed_and_the_total_is_whole(kept: Path, document: Document) -> None:
    for limit in (0, 1, 2):
        found = document("trace", "query", "--limit", str(limit))
        assert (len(found["hits"]), found["total"]) == (limit, 2)


def test_the_limit_of_the_config_holds(kept: Path, document: Document) -> None:
    (kept / "config.toml").write_text("[query]\nlimit = 1\n")

    assert len(document("trace", "query")["hits"]) == 1
