"""Slices of real sessions: within their budget, whole in what they name, whatever is asked for."""

import re
from typing import Any, get_args

import pytest

from opentraces.application.slice_trace import SliceRequest
from opentraces.domain.errors import BadRequest
from opentraces.domain.slices.fitting import tokens_of
from opentraces.domain.slices.templates import Template
from opentraces.entrypoints.container.mapping import slice_trace
from opentraces.entrypoints.settings import Settings
from tests.integration.program.machine import Machine

Maps = dict[str, dict[str, Any]]

EDITING = "afc0be94-d3d5-4c5a-951b-c0815f74cb07"
CREATING = "01a206c1-7c5e-7b13-bf9d-4bc85da526ae"
LAST_WORDS = "Fixed `sub`, added tests and committed."


@pytest.fixture(scope="session")
def settings(everything: Machine) -> Settings:
    return Settings.from_environment(everything.environment)


@pytest.mark.parametrize("template", get_args(Template))
@pytest.mark.parametrize("most", [60, 200, 500, 2000, 50_000])
def test_every_slice_of_every_session_is_within_its_budget(
    settings: Settings, maps: Maps, template: Template, most: int
) -> None:
    sliced = slice_trace(settings)
    for said in maps.values():
        request = SliceRequest(said["trace_id"], most, template)
        try:
            found = sliced.execute(request)
        except BadRequest as error:
            least = int(str(error).rpartition(" ")[2])
            assert most < least < 400
            continue
        for each in found.slices:
            assert each.tokens == tokens_of(each.text) <= most
            assert 1 <= each.first <= each.last <= said["steps"]


def test_slices_by_turns_and_bursts_leave_no_step_out(settings: Settings, maps: Maps) -> None:
    for said in maps.values():
        for template in ("turns", "bursts"):
            request = SliceRequest(said["trace_id"], 1_000_000, template)
            slices = slice_trace(settings).execute(request).slices
            every = [step for each in slices for step in range(each.first, each.last + 1)]
            assert every == list(range(1, said["steps"] + 1))
            for each in slices:
                shown = [int(step) for step in re.findall(r"^\[:(\d+)\]", each.text, re.M)]
                assert shown == list(range(each.first, each.last + 1))


def test_an_edit_is_shown_by_its_lines_with_what_was_read_before(
    everything: Machine, maps: Maps
) -> None:
    slices = everything.json("trace", "slice", EDITING, "--template", "edits")["slices"]

    assert [each["steps"] for each in slices] == [[2, 4], [5, 5], [9, 10]]
    first = slices[0]
    assert first["ref"] == f"{maps[EDITING]['trace_id']}:2-4"
    assert "-    return a + b\n+    return a - b" in first["text"]
    assert "Asked for in :1: TASK-MAIN fix the sub function" in first["text"]
    assert "[… :3 to :3 are not part of this …]" in first["text"]


def test_lines_that_only_the_call_holds_are_shown_from_it(everything: Machine) -> None:
    (found,) = everything.json("trace", "slice", f"{CREATING}:8")["slices"]

    assert "[what it changed is not kept]" in found["text"]
    assert "+def test_add():" in found["text"]


def test_a_slice_names_the_commit_that_git_printed(everything: Machine) -> None:
    (found,) = everything.json("trace", "slice", f"{EDITING}:12-14")["slices"]

    assert "Commits: a52f4ce" in found["text"]
    assert LAST_WORDS in found["text"]


def test_an_address_an_option_and_a_step_name_the_same(everything: Machine) -> None:
    by_address = everything.json("trace", "slice", f"{EDITING}:3-9")
    by_option = everything.json("trace", "slice", EDITING, "--steps", "3-9")
    around = everything.json("trace", "slice", EDITING, "--around", "6")

    assert by_address == by_option == around
    last = everything.json("trace", "slice", f"{EDITING}:last")["slices"]
    assert [each["steps"] for each in last] == [[14, 14]]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([EDITING, "--steps", "40-50"], 3, b"no step 40"),
        ([EDITING, "--around", "99"], 3, b"no step 99"),
        ([EDITING, "--around", "x"], 2, b"is no address"),
        ([f"{EDITING}:3", "--template", "edits"], 2, b"say one of"),
        ([EDITING, "--max-tokens", "20"], 2, b"say at least"),
        (["ffffffff"], 3, b"ffffffff"),
    ],
)
def test_what_cannot_be_is_refused(
    everything: Machine, arguments: list[str], code: int, says: bytes
) -> None:
    ended, out, errors = everything.run("trace", "slice", *arguments)

    assert (ended, out) == (code, b"")
    assert says in errors
    assert errors.count(b"\n") == 1


def test_a_session_without_any_is_an_answer(everything: Machine) -> None:
    code, out, errors = everything.run("trace", "slice", EDITING, "--template", "tests", "--json")

    assert (code, out) == (0, b'{"schema_version":"1","slices":[]}\n')
    assert b"there are no tests in" in errors
