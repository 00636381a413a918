"""What the real sessions say. Numbers were added up by hand, out of the usage in their lines."""

import re

import pytest

from opentraces.adapters.pi.line_types import LINES
from opentraces.adapters.pi.naming import session_of
from opentraces.adapters.pi.parser import PiParser
from opentraces.domain.branching import Offshoot
from tests.contracts.trace_parser import Read, read, read_in_parts
from tests.integration.adapters.pi.fixtures import FILES, every_source

SOURCES = every_source()

STEPS = {
    #                         steps, answers, prompts
    "0.73.1/s1_edit_commit": (10, 8, 2),
    "0.73.1/s2_branches": (19, 8, 6),
    "0.73.1/s3_fork": (8, 5, 3),
    "0.73.1/s3_fork+": (2, 1, 1),
    "0.73.1/s3_fork++": (2, 1, 1),
    "0.73.1/s3_fork+++": (2, 1, 1),
    "0.73.1/s3_fork++++": (2, 1, 1),
    "0.73.1/s4_retry": (3, 2, 1),
    "0.73.1/s4_sigint": (2, 1, 1),
    "0.73.1/s5_compact": (16, 10, 4),
    "0.87.1/s1_edit_commit": (11, 8, 2),
    "0.87.1/s2_branches": (20, 8, 6),
    "0.87.1/s3_fork": (9, 5, 3),
    "0.87.1/s3_fork+": (2, 1, 1),
    "0.87.1/s3_fork++": (2, 1, 1),
    "0.87.1/s3_fork+++": (2, 1, 1),
    "0.87.1/s3_fork++++": (3, 1, 1),
    "0.87.1/s4_retry": (6, 4, 1),
    "0.87.1/s4_sigint": (3, 1, 1),
    "0.87.1/s5_compact": (17, 10, 4),
}
"""0.87.1 also writes the system prompt: a step, but where it was copied, or is told anew by a
compaction as it was."""


def session(name: str) -> Read:
    return read(PiParser(), SOURCES[name])


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_steps_are_what_was_said_and_done(name: str) -> None:
    found = session(name)
    answers = sum(step.step.role == "agent" for step in found.steps)
    facts = found.source.facts

    assert (len(found.steps), answers, facts.prompts) == STEPS[name]
    assert facts.responses == answers


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_line_is_recognised(name: str) -> None:
    facts = session(name).source.facts

    assert facts.lines.recognised == SOURCES[name].data.count(b"\n")
    assert facts.unknown_types == {}


def test_no_key_stands_twice_in_all_sessions() -> None:
    keys = [step.key for name in SOURCES for step in session(name).steps]

    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("release", ["0.73.1", "0.87.1"])
def test_branches_are_told_apart(release: str) -> None:
    more = release == "0.87.1"
    branching = session(f"{release}/s2_branches").source.facts.branching
    shift = 1 if more else 0

    assert branching.inactive == (
        Offshoot(first=2 + shift, last=4 + shift, fork=1 + shift),
        Offshoot(first=5 + shift, last=7 + shift, fork=1 + shift),
    )
    first, second = branching.transitions
    assert (first.first, first.left, first.is_summed_up) == (5 + shift, None, False)
    assert (second.first, second.is_summed_up) == (8 + shift, True)
    assert second.left == (8 if more else None)
    assert second.left_id == ("c7f6a244" if more else None)
    assert [(each.ordinal, each.label) for each in branching.labels] == [
        (7 + shift, "keep-b"),
        (8 + shift, "cp1"),
    ]


def test_what_each_release_says_of_retries() -> None:
    old, new = session("0.73.1/s4_retry"), session("0.87.1/s4_retry")

    assert old.source.facts.failures == (1,)
    assert new.source.facts.failures == (2, 3, 4, 5)
    assert [each.ordinal for each in new.source.facts.branching.context_edits] == [2, 3, 4]
    assert old.steps[2].step.content == "Recovered after retries."


def test_a_call_that_was_killed_has_no_result() -> None:
    step = session("0.73.1/s4_sigint").steps[1].step

    assert ([call.tool_name for call in step.tool_calls], step.observations) == (["bash"], ())


def test_what_failed_and_what_was_changed_is_known() -> None:
    for release, patch in (("0.73.1", "display"), ("0.87.1", "unified")):
        found = session(f"{release}/s1_edit_commit").steps
        errors = [seen.error for step in found for seen in step.step.observations if seen.error]
        native = [step.native for step in found if "changed_files" in step.native]

        assert [error.split(".")[0] for error in errors] == [
            "Could not find the exact text in src/greet",
            "Command exited with code 3",
        ]
        assert [each["changed_files"] for each in native] == [
            "M src/greet.py",
            "W tests/test_greet.py",
            "M src/greet.py",
        ]
        assert [each.get("patch") for each in native] == [patch, None, patch]


def test_compactions_are_where_they_were() -> None:
    old, new = session("0.73.1/s5_compact"), session("0.87.1/s5_compact")

    assert [each.tokens_before for each in old.source.facts.compactions] == [1990, 195020]
    assert old.source.facts.limitations == ("summary_cost_unknown",)
    (expense,) = new.source.facts.expenses
    assert (expense.calls, expense.cost_usd) == (2, 0.0108)
    assert (expense.usage.input_tokens, expense.usage.output_tokens) == (2700, 180)
    assert new.source.facts.limitations == ()


def test_a_continued_session_begins_with_what_it_was() -> None:
    whole = SOURCES["0.73.1/s1_edit_commit"]
    before = whole.data.index(b'{"type":"message","id":"b8ebae2d"')
    grown = read_in_parts(PiParser(), whole, [before])

    assert grown.steps == session("0.73.1/s1_edit_commit").steps
    assert [step.revision for step in grown.emitted].count(0) == len(grown.steps)


def test_what_was_run_is_in_the_facts() -> None:
    facts = session("0.87.1/s2_branches").source.facts

    assert facts.models == ("mock/mock-1", "mock/mock-2")
    assert facts.folders == ("/home/dev/s2",)
    assert facts.given_title == "Branch session"
    assert facts.first_prompt == "ASK-COLOR: which colour?"


def test_the_name_of_a_file_is_that_of_its_session() -> None:
    for path in (path for paths in FILES.values() for path in paths):
        header = path.read_bytes().partition(b"\n")[0]
        named = re.search(rb'"id":"([^"]+)"', header)
        assert named is not None
        assert session_of(path.name) == named[1].decode()


def test_every_type_that_the_client_wrote_is_one_we_name() -> None:
    named = re.compile(rb'\A{"type":"([A-Za-z_]+)"')
    lines = [line for source in SOURCES.values() for line in source.data.splitlines()]
    types = {found[1].decode() for line in lines if (found := named.search(line))}

    assert types <= LINES | {"message"}
