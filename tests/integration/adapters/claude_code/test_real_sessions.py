"""What real sessions say, counted by hand from their lines, each message once."""

import subprocess
import sys
from pathlib import Path

import pytest

import opentraces
from opentraces.domain.facts import AgentLink
from opentraces.domain.step import Observation, Step, TokenUsage
from tests.contracts.trace_parser import Read
from tests.integration.adapters.claude_code.fixtures import (
    DATA,
    FOLDERS,
    every_source,
    read_session,
    sessions,
)


def usage(found: Read) -> TokenUsage:
    return sum((step.step.token_usage for step in found.steps), TokenUsage())


def main(folder: str, session: str) -> Read:
    found = read_session(folder, session)
    return next(each for name, each in found.items() if name.startswith(session))


def roles(found: Read) -> str:
    return "".join(step.step.role[0] for step in found.steps)


def calls(step: Step) -> list[str]:
    return [call.tool_name for call in step.tool_calls]


def seen(step: Step, number: int = 0) -> Observation:
    return step.observations[number]


# edit_commit: the sample that is shipped.


def test_the_sample_is_the_session_that_is_tested_here() -> None:
    sample = Path(opentraces.__path__[0]) / "sample/claude-code/projects"
    for path in sample.rglob("*.*"):
        assert (
            path.read_bytes()
            == (DATA / "edit_commit/projects" / path.relative_to(sample)).read_bytes()
        )


def test_the_sample_cost_what_its_thirteen_responses_cost() -> None:
    found = main("edit_commit", "afc0be94")

    # 13 responses. Each read 3 tokens; they wrote 77, 78, … 89. The first filled the cache with
    # 1,200 tokens and found none there; each later one added 310 and found 9,300, 9,600, … 12,600.
    assert usage(found) == TokenUsage(
        input_tokens=13 * 3,
        output_tokens=sum(range(77, 90)),
        cache_write_tokens=1200 + 12 * 310,
        cache_read_tokens=sum(range(9300, 12601, 300)),
    )
    assert usage(found).output_tokens == 1079
    assert usage(found).cache_read_tokens == 131_400
    assert found.source.facts.responses == 13
    assert found.source.facts.lines.recognised == 41


def test_the_sample_reads_as_one_prompt_and_thirteen_answers() -> None:
    found = main("edit_commit", "afc0be94")
    steps = [step.step for step in found.steps]

    assert roles(found) == "u" + "a" * 13
    assert steps[0].content == "TASK-MAIN fix the sub function, add a test and commit"
    called = " ".join(name for step in steps for name in calls(step))
    assert called == (
        "Read Grep Glob TodoWrite Edit Write Bash Edit Write Read Write Bash Bash Bash"
    )
    assert steps[-1].content == "Fixed `sub`, added tests and committed."
    assert {step.model for step in steps[1:]} == {"anthropic/claude-sonnet-4-5"}
    assert found.source.facts.first_prompt == steps[0].content


def test_the_first_answer_of_the_sample_is_five_lines_and_three_results() -> None:
    step = main("edit_commit", "afc0be94").steps[1].step

    assert step.reasoning_content == "The user wants sub fixed. Look at the files first."
    assert step.content == "I'll look at the project first."
    assert calls(step) == ["Read", "Grep", "Glob"]
    # Grep and Glob were refused before Read was done.
    assert [seen.source_call_id for seen in step.observations] == [
        "toolu_019Ckyb4mRhoUUEhehGKQC6B",
        "toolu_01eKZjeSy0RKkpvD0jLr1JNH",
        "toolu_011YtzoyO8n6bwXxHreOho05",
    ]
    assert (seen(step).error or "").startswith("Error: No such tool available: Grep.")
    assert seen(step, 2).error is None
    assert (seen(step, 2).content or "").startswith("1\tdef add(a, b):")


def test_the_sample_fails_spills_and_commits() -> None:
    found = main("edit_commit", "afc0be94")
    failed = [step.ordinal for step in found.steps if any(o.error for o in step.step.observations)]

    assert failed == [1, 2, 6, 7, 11]
    assert found.steps[11].step.observations[0].error == "Error: Exit code 3\noops"
    assert (found.steps[10].step.observations[0].content or "").startswith("<persisted-output>")
    assert found.source.facts.native["spilled"] == ["btzy2dhzl.txt"]
    assert found.steps[12].native["commit"] == "a52f4ce"
    (session,) = sessions("edit_commit").values()
    assert [file.name.rpartition("/")[2] for file in session.files][1:] == ["btzy2dhzl.txt"]


# subagent


def test_sub_agents_are_linked_from_both_sides() -> None:
    found = read_session("subagent", "07503f3c")
    expected = {
        "a0bd66feaa0701f9e": ("toolu_01T7wuAiNu0JuBpE2uSzsFMS", "Write notes"),
        "ae10158eb42984a7d": ("toolu_01oXyziCg0Y8PlEgKD3vJKbz", "Inspect calc"),
        "acb0251f3460c95d5": ("toolu_01yJbCkd0c9gT6tgUtpH1GPY", "Count lines"),
    }
    links = {
        agent: AgentLink(
            agent_id=agent,
            tool_call_id=call,
            agent_type="general-purpose",
            description=description,
        )
        for agent, (call, description) in expected.items()
    }

    told = found["07503f3c-b998-4e22-a111-08c7ee93f6bc"].source.facts.links
    assert {link.agent_id: link for link in told} == links
    for agent, link in links.items():
        facts = found[f"agent-{agent}"].source.facts
        assert facts.links == (link,)
        assert facts.agent_id == agent
        assert facts.prompts == 0


def test_a_session_with_sub_agents_costs_what_all_its_files_cost() -> None:
    found = read_session("subagent", "07503f3c")
    totals = sum((usage(each) for each in found.values()), TokenUsage())

    # Responses: 8 of the session's own, 2, 2 and 3 of its sub-agents; four conversations, each
    # with one first request.
    assert totals.input_tokens == (8 + 2 + 2 + 3) * 3
    assert totals.cache_write_tokens == 4 * 1200 + (7 + 1 + 1 + 2) * 310
    # 77 + … + 84; twice 77 + 78; 77 + 78 + 79.
    assert totals.output_tokens == 644 + 155 + 155 + 234
    # 9,300 + … + 11,100; twice 9,300; 9,300 + 9,600.
    assert totals.cache_read_tokens == 71_400 + 9_300 + 9_300 + 18_900


def test_the_work_of_a_sub_agent_is_its_own() -> None:
    found = read_session("subagent", "07503f3c")["agent-ae10158eb42984a7d"]

    assert roles(found) == "uaaa"
    assert {step.step.agent_role for step in found.steps} == {"general-purpose"}
    assert [step.step.call_type for step in found.steps] == [None, *["subagent"] * 3]
    assert found.steps[1].step.reasoning_content == "alpha thinks"


def test_parallel_and_background_agents_answer_their_calls() -> None:
    steps = main("subagent", "07503f3c").steps

    pair = next(step.step for step in steps if step.step.content == "Delegating.")
    assert calls(pair) == ["Agent", "Agent"]
    assert [call.duration_ms for call in pair.tool_calls] == [881, 340]
    assert (seen(pair).content or "").startswith("BETA REPORT: wrote NOTES.md\nagentId: a0bd")
    assert (seen(pair, 1).content or "").startswith("ALPHA REPORT")
    told = [step.step for step in steps if step.native.get("origin") == "task-notification"]
    assert [step.role for step in told] == ["system", "system"]
    assert main("subagent", "07503f3c").source.facts.prompts == 1


# resume: continued, forked, compacted, cleared.


def test_a_fork_holds_the_same_steps_under_the_same_keys() -> None:
    origin, fork = main("resume", "11111111"), main("resume", "896009f1")
    copied = [step.key for step in fork.steps if step.key in {each.key for each in origin.steps}]

    # PART1 (prompt, call, answer), PART2 (the same), PART3 (prompt, answer).
    assert copied == [step.key for step in origin.steps[:8]]
    assert [step.step.content for step in fork.steps[8:]] == ["PART4 forked", "PART4 fork done."]
    assert fork.source.facts.first_moment is not None
    assert origin.source.facts.first_moment is not None
    assert fork.source.facts.first_moment > origin.source.facts.first_moment
    assert fork.source.facts.started == "2026-11-23T05:05:15.730Z"


def test_a_resumed_session_costs_each_response_once() -> None:
    # Five responses before and one after the compaction; one of them synthetic, at no cost.
    found = main("resume", "11111111")

    assert usage(found) == TokenUsage(
        input_tokens=6 * 3,
        output_tokens=77 + 78 + 79 + 80 + 81 + 83,
        cache_read_tokens=9300 + 9600 + 9900 + 10200 + 10800,
        cache_write_tokens=1200 + 5 * 310,
    )
    assert found.source.facts.responses == 7
    assert found.source.facts.models == (
        "anthropic/claude-sonnet-4-5",
        "anthropic/claude-opus-4-8",
    )
    assert found.source.facts.branches == ("main", "feature")


def test_a_compaction_keeps_both_sides() -> None:
    found = main("resume", "11111111")
    (event,) = found.source.facts.compactions

    assert (event.trigger, event.tokens_before, event.tokens_after) == ("manual", 10594, 717)
    assert event.parent_lost  # 48f15cac… stands in no line
    assert roles(found) == "uaauaauasssussaua"
    assert found.steps[event.ordinal].step.content == "Conversation compacted"
    assert found.steps[event.ordinal + 1].native["origin"] == "compact_summary"
    assert found.steps[11].step.content == "/compact keep file names"
    assert [c.name for c in found.source.facts.commands] == ["compact"]
    assert found.source.facts.prompts == 5
    assert found.steps[14].native["synthetic"] == "true"


def test_a_cleared_session_is_a_command_and_no_answer() -> None:
    found = main("resume", "af1de3ca")

    assert roles(found) == "sus"
    assert found.source.facts.first_prompt == "/clear"
    assert found.source.facts.responses == 0


# failures


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ("31f54648", "ua"),  # 500 until it gave up
        ("86d60d74", "ua"),  # 400
        ("e5b44c81", "uaa"),  # refused: the response, and the client's own words
        ("06585903", "uaa"),  # max_tokens, then the rest
        ("bb361bb8", "u"),  # SIGINT in a stream: the text is lost
        ("ced84daf", "uas"),  # SIGINT in a tool
        ("05741c20", "ua"),  # SIGTERM in a tool
        ("3d91b974", "ua"),  # SIGKILL in a tool
        ("365be472", "ua"),
        ("5270a941", "ua"),
        ("6548739f", "ua"),
        ("85749dd7", "ua"),
    ],
)
def test_a_failed_run_keeps_what_there_was(session: str, expected: str) -> None:
    assert roles(main("failures", session)) == expected


@pytest.mark.parametrize(
    ("session", "ordinal", "failure"),
    [
        ("31f54648", 1, "server_error"),
        ("86d60d74", 1, "unknown"),
        ("e5b44c81", 2, "invalid_request"),
    ],
)
def test_an_error_of_the_service_is_no_model(session: str, ordinal: int, failure: str) -> None:
    found = main("failures", session)
    step = found.steps[ordinal]

    assert found.source.facts.failures == (ordinal,)
    assert step.native["failure"] == failure
    assert step.step.model is None
    assert step.step.token_usage == TokenUsage()
    assert (step.step.content or "").startswith("API Error")


def test_a_refusal_is_an_answer_that_was_paid_for() -> None:
    refused = main("failures", "e5b44c81").steps[1]

    assert refused.native["stop_reason"] == "refusal"
    assert refused.step.content is None
    assert refused.step.token_usage.output_tokens == 77


def test_an_interrupted_tool_is_told_from_one_that_was_killed() -> None:
    interrupted, killed = main("failures", "ced84daf"), main("failures", "3d91b974")

    assert seen(interrupted.steps[1].step).error == "User rejected tool use"
    assert interrupted.source.facts.interruptions == (1,)
    assert interrupted.source.facts.prompts == 1
    assert killed.steps[1].step.observations == ()
    assert killed.source.facts.interruptions == ()


# permission and release_330


@pytest.mark.parametrize(
    ("session", "mode", "denied"),
    [
        ("1bf89bbf", "default", 1),
        ("51f05b8e", "default", 2),
        ("55735a80", "dontAsk", 2),
        ("f17710a3", "acceptEdits", 0),
    ],
)
def test_what_was_denied_is_an_error(session: str, mode: str, denied: int) -> None:
    found = main("permission", session)
    errors = [seen.error for step in found.steps for seen in step.step.observations if seen.error]

    assert len(errors) == denied
    assert found.source.facts.native["permission_modes"] == [mode]
    assert roles(found) == "uaaa"


def test_a_later_release_has_no_type_that_is_not_known() -> None:
    found = read_session("release_330", "cff976c1")

    for each in found.values():
        assert each.source.facts.unknown_types == {}
        assert each.source.facts.surroundings.os == "Linux 6.18.44-fc-v657"
        assert each.source.facts.surroundings.shell == "bash"
        assert each.source.facts.versions == ("2.1.330",)


def test_a_fork_of_a_later_release_keeps_its_keys() -> None:
    origin, fork = main("release_330", "cff976c1"), main("release_330", "285f480a")
    copied = {step.key for step in fork.steps} & {step.key for step in origin.steps}
    responses = {step.key for step in fork.steps if step.step.token_usage.output_tokens}

    # The fork was made after seven responses, and got one of its own.
    assert len(responses) == 8
    assert len(responses - copied) == 1


# All of them


def test_every_line_of_every_fixture_is_known() -> None:
    for folder in FOLDERS:
        for session in sessions(folder):
            for found in read_session(folder, session).values():
                facts = found.source.facts
                assert (facts.lines.unknown, facts.lines.bad) == (0, 0)
                assert "unknown_blocks" not in facts.native


def test_every_message_and_every_call_of_every_fixture_is_a_step() -> None:
    """Counted by another program: grep and sort."""
    for folder in FOLDERS:
        for path in (DATA / folder / "projects").rglob("*.jsonl"):
            pipe = (
                f'grep \'"type":"assistant"\' \'{path}\' | grep -v \'^{{"type":"api-request\''
                f' | grep -o \'"message":{{[^{{]*"id":"[^"]*"\' | grep -o \'"id":.*\''
                " | sort -u | wc -l"
            )
            done = subprocess.run(["sh", "-c", pipe], capture_output=True, check=True)
            found = read_path(folder, path)
            assert found.source.facts.responses == int(done.stdout)


def read_path(folder: str, path: Path) -> Read:
    stem = path.name.removesuffix(".jsonl")
    owner = path.parent.parent.name if stem.startswith("agent-") else stem
    return read_session(folder, owner)[stem]


MEMORY = """
import resource, sys
from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.session import SourceFile, SourceKind

def chunks():
    yield b'{"type":"user","message":{"role":"user","content":"'
    for _ in range(100):
        yield b"x" * (1 << 20)
    yield b'"},"uuid":"u1"}\\n'

file = SourceFile("s.jsonl", SourceKind.TRANSCRIPT, "/s.jsonl", 0, "new")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
parse = ClaudeCodeParser().parse(file, chunks(), None, {})
assert len(list(parse.steps())) == 1
assert len(parse.result().facts.giants) == 1
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in another unit elsewhere")
def test_a_line_of_100_mb_takes_little_memory() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, check=True)

    assert int(done.stdout) < 60 * 1024


def test_sources_are_not_a_few() -> None:
    assert len(every_source()) == 38
