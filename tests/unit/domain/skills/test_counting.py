"""Each use counts once, in however many forms it is told, with what came after it."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.ids import StepKey
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.skills.counted import Counts
from opentraces.domain.skills.counting import count_uses
from opentraces.domain.step import Observation, Step, ToolCall

Told = Mapping[str, Any]


def prompt(words: str, speaker: str = "main") -> Told:
    return {"role": "user", "content": words, "agent_role": speaker}


def put_in(words: str) -> Told:
    return {"role": "system", "content": words, "agent_role": "main"}


def calls(*tools: str | ToolCall, failed: Iterable[int] = ()) -> Told:
    made = [
        tool
        if isinstance(tool, ToolCall)
        else ToolCall(tool_call_id=f"c{at}", tool_name=tool, input={})
        for at, tool in enumerate(tools)
    ]
    seen = [
        Observation(source_call_id=call.tool_call_id, error="it failed" if at in failed else None)
        for at, call in enumerate(made)
    ]
    return {
        "role": "agent",
        "agent_role": "main",
        "tool_calls": tuple(made),
        "observations": tuple(seen),
    }


def skill(name: str, call: str = "s") -> ToolCall:
    return ToolCall(tool_call_id=call, tool_name="Skill", input={"skill": name})


def shell(command: str, call: str = "x") -> ToolCall:
    return ToolCall(tool_call_id=call, tool_name="exec_command", input={"cmd": command})


def kept(steps: Iterable[Told]) -> list[KeptStep]:
    return [
        KeptStep(
            source=0,
            ordinal=at,
            key=StepKey(f"{at:016x}"),
            native={"uuid": f"u{at}"},
            step=Step(step_index=at + 1, **said),
        )
        for at, said in enumerate(steps)
    ]


def counted(
    *steps: Told, left_out: Iterable[int] = (), edits: Mapping[int, tuple[int, int]] | None = None
) -> dict[str, Counts]:
    found = count_uses(kept(steps), frozenset(left_out), edits or {})
    return {f"{use.kind.value} {use.name}": use.counts for use in found}


LOADED = put_in("Base directory for this skill: /home/dev/.claude/skills/greet\n\nGreet.\n")
CODEX = put_in("<skill>\n<name>greet</name>\n<path>/s/greet/SKILL.md</path>\nGreet.\n</skill>")
PI = put_in('<skill name="greet" location="/s/greet/SKILL.md">\nGreet.\n</skill>')
CAT = shell("cat /r/skills/greet/SKILL.md")


@pytest.mark.parametrize(
    ("steps", "uses"),
    [
        ([prompt("Hi"), calls(skill("greet")), LOADED], {"skill greet": 1}),
        ([prompt("Hi"), calls(skill("p:greet")), LOADED], {"skill p:greet": 1}),
        ([prompt("Hi"), calls(skill("greet"), skill("greet", "t"))], {"skill greet": 2}),
        ([prompt("/greet Bob"), LOADED], {"skill greet": 1}),
        ([prompt("/p:greet Bob"), LOADED], {"skill p:greet": 1}),
        ([prompt("/greet"), LOADED, calls("Read"), prompt("/greet"), LOADED], {"skill greet": 2}),
        ([prompt("/greet"), put_in("Call Bob.\n")], {"command greet": 1}),
        ([prompt("/greet"), prompt("Hi"), LOADED], {"command greet": 1, "skill greet": 1}),
        ([prompt("/skill:greet Bob"), PI], {"skill greet": 1}),
        ([prompt("/skill:greet Bob"), PI, calls(CAT)], {"skill greet": 1}),
        ([prompt("/skill:no_such Bob")], {}),
        ([prompt("$greet Bob"), CODEX, calls(CAT)], {"skill greet": 1}),
        ([prompt("$greet Bob"), CODEX, CODEX], {"skill greet": 1}),
        ([prompt("$greet Bob")], {}),
        ([prompt("Hi"), calls(CAT), calls(CAT)], {"skill greet": 1}),
        ([prompt("Hi"), calls(CAT), prompt("More"), calls(CAT)], {"skill greet": 2}),
        ([prompt("Hi"), calls(CAT), prompt("go on", "explore"), calls(CAT)], {"skill greet": 1}),
        ([], {}),
    ],
)
def test_a_use_counts_once(steps: list[Told], uses: dict[str, int]) -> None:
    found = counted(*steps)

    assert {
        name: counts.invocations for name, counts in found.items() if not name.startswith("tool ")
    } == uses


def test_each_call_is_a_use_of_a_tool_and_of_its_server() -> None:
    found = counted(
        prompt("Hi"),
        calls("mcp__git__log", "mcp__git__show", "Read", failed=[1]),
        calls("Read"),
    )

    assert {name: counts[:2] for name, counts in found.items()} == {
        "mcp git": (2, 1),
        "tool Read": (2, 0),
        "tool mcp__git__log": (1, 0),
        "tool mcp__git__show": (1, 1),
    }


def test_what_fails_after_a_use_is_told_until_the_next_prompt() -> None:
    found = counted(
        prompt("/compact"),
        calls("Read", failed=[0]),
        calls(skill("greet")),
        calls("Bash", "Edit", failed=[0, 1]),
        prompt("Go on"),
        calls("Bash", failed=[0]),
    )

    assert {name: (counts.errors, counts.errors_after) for name, counts in found.items()} == {
        "command compact": (0, 3),
        "skill greet": (0, 2),
        "tool Bash": (2, 0),
        "tool Edit": (1, 0),
        "tool Read": (1, 2),
        "tool Skill": (0, 2),
    }


def test_a_command_fails_when_it_printed_an_error() -> None:
    failed = counted(prompt("/model"), put_in("<local-command-stderr>no</local-command-stderr>"))
    went_well = counted(prompt("/model"), put_in("<local-command-stderr></local-command-stderr>"))

    unknown = counted(
        prompt("/nope"),
        put_in("<local-command-stdout>Unknown command: /nope</local-command-stdout>"),
    )

    assert failed == {"command model": Counts(1, errors=1)}
    assert unknown == {"command nope": Counts(1, errors=1)}
    assert went_well == {"command model": Counts(1)}


def test_edits_count_from_the_use_on_for_each_thing_in_use() -> None:
    found = counted(
        prompt("Hi"),
        calls("Write"),
        calls(skill("greet")),
        calls("Edit"),
        prompt("Go on"),
        calls("Write"),
        edits={2: (1, 1), 4: (3, 2), 6: (5, 0)},
    )

    assert {name: (counts.edits, counts.edits_kept) for name, counts in found.items()} == {
        "skill greet": (3, 2),
        "tool Edit": (3, 2),
        "tool Skill": (3, 2),
        "tool Write": (9, 3),
    }


def test_steps_of_another_trace_are_left_out_with_what_came_of_them() -> None:
    steps = [prompt("Hi"), calls(skill("greet"), failed=[0]), calls("Bash", failed=[0])]

    assert counted(*steps, left_out=[1, 2]) == {"tool Bash": Counts(1, 1)}
    assert counted(*steps, left_out=[1, 2, 3]) == {}


STEPS = st.sampled_from(
    [
        prompt("Hi"),
        prompt("/greet"),
        prompt("/skill:greet"),
        prompt("/mcp__git__triage"),
        put_in("<local-command-stderr>no</local-command-stderr>"),
        prompt("go on", "explore"),
        LOADED,
        CODEX,
        PI,
        calls(CAT),
        calls(skill("greet"), "Read", failed=[1]),
        calls("mcp__git__log", failed=[0]),
        calls("Bash"),
    ]
)


@given(st.lists(STEPS, max_size=12), st.data())
def test_turns_add_up(steps: list[Told], data: st.DataObject) -> None:
    """Whatever a session says, it is what its turns say, one by one."""
    starts = [at for at, said in enumerate(steps) if said is not steps[0] and _opens(said)]
    cut = data.draw(st.sampled_from([0, *starts]))
    sums: dict[str, Counts] = {}
    for part in (steps[:cut], steps[cut:]):
        for name, counts in counted(*part).items():
            sums[name] = sums.get(name, Counts()).plus(counts)

    assert counted(*steps) == sums
    for counts in sums.values():
        assert counts.errors <= counts.invocations
        assert counts.invocations > 0


def _opens(said: Told) -> bool:
    return (said["role"], said["agent_role"]) == ("user", "main")
