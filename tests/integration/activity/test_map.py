"""`trace map` of real sessions, against what was written down by hand."""

from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.integration.activity.expected import CLAUDE_CODE, CODEX, PI
from tests.integration.program.machine import Machine

EXPECTED = CLAUDE_CODE | CODEX | PI

Maps = dict[str, dict[str, Any]]


def of(maps: Maps, name: str) -> dict[str, Any]:
    """Return the map of a session, by its id or the first word that was typed in it."""
    found = [
        said
        for session, said in maps.items()
        if session == name or (said["title"] or "").startswith(f"{name} ")
    ]
    return max(found, key=lambda said: said["bursts"][-1]["steps"][1])


@pytest.mark.parametrize("name", EXPECTED)
def test_bursts_are_those_that_were_written_down(maps: Maps, name: str) -> None:
    said = of(maps, name)

    assert [seen(each) for each in said["bursts"]] == EXPECTED[name]
    for each in said["bursts"]:
        first, last = each["steps"]
        assert each["ref"] == f"{said['trace_id']}:{first}-{last}"


def seen(burst: dict[str, Any]) -> dict[str, Any]:
    """Return what of a burst was written down."""
    kept = {key: burst[key] for key in ("steps", "kind", "begins", "intent", "failed")}
    patches = [f"{base(each['file'])} {each['step']}" for each in burst["patches"]]
    files = sorted({base(path) for path in burst["files"]})
    return kept | {"files": files, "changed": sorted(patches)}


def base(path: str) -> str:
    return PurePosixPath(path).name


def test_every_step_is_in_exactly_one_burst(maps: Maps) -> None:
    for said in maps.values():
        spans = [burst["steps"] for burst in said["bursts"]]
        every = [step for first, last in spans for step in range(first, last + 1)]
        assert every == list(range(1, said["steps"] + 1))


def test_sums_of_bursts_are_those_of_the_trace(maps: Maps) -> None:
    assert any(said["tokens"] for said in maps.values())
    for said in maps.values():
        assert sum(burst["tokens"] for burst in said["bursts"]) == said["tokens"]


def test_helpers_stand_below_the_call_that_started_them(maps: Maps) -> None:
    (request,) = of(maps, "07503f3c-b998-4e22-a111-08c7ee93f6bc")["requests"]

    helpers = {
        row["helper"]["description"]: (
            row["steps"],
            [below["kind"] for below in row["helper"]["happenings"]],
        )
        for row in request["happenings"]
        if row["kind"] == "subagent"
    }
    assert helpers == {
        "Inspect calc": ([3], ["read", "command", "words"]),
        "Write notes": ([3], ["edit", "words"]),
        "Count lines": ([11], ["command", "words"]),
    }


def test_a_commit_is_named_by_what_git_printed(maps: Maps) -> None:
    (request,) = of(maps, "afc0be94-d3d5-4c5a-951b-c0815f74cb07")["requests"]

    made = [row for row in request["happenings"] if row["kind"] == "commit"]
    assert [(row["steps"], row["commit"]) for row in made] == [([13], "a52f4ce")]


def test_what_is_no_trace_is_refused(everything: Machine, maps: Maps) -> None:
    trace = next(iter(maps.values()))["trace_id"]

    code, out, errors = everything.run("trace", "map", f"{trace}:3")

    assert (code, out) == (2, b"")
    assert b"a map is of a whole trace" in errors
    assert everything.run("trace", "map", "ffffffff")[0] == 3
