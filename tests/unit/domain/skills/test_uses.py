"""What a step tells of uses, in all the forms in which agents write it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.skills.use import Form, Kind, Use
from opentraces.domain.skills.uses import skills_used, uses_in
from opentraces.domain.step import Step, ToolCall

CLAUDE = {"uuid": "u"}
CODEX = {"turn_id": "t"}
PI = {"entry_id": "e"}


def calling(tool: str, **given: Any) -> Step:
    call = ToolCall(tool_call_id="c", tool_name=tool, input=given)
    return Step(step_index=1, role="agent", agent_role="main", tool_calls=(call,))


def saying(role: Any, words: str, speaker: str | None = "main") -> Step:
    return Step(step_index=1, role=role, content=words, agent_role=speaker)


def called(kind: Kind, name: str) -> Use:
    return Use(kind, name, Form.CALLED, "c")


@pytest.mark.parametrize(
    ("step", "also"),
    [
        (calling("Bash", command="cat a.py"), []),
        (calling("Skill", skill="greet", args="Bob"), [called(Kind.SKILL, "greet")]),
        (calling("Skill", command="pdf:fill"), [called(Kind.SKILL, "pdf:fill")]),
        (calling("Skill", skill=7), []),
        (calling("Skill", skill="/"), []),
        (calling("SlashCommand", command="/review 12"), [called(Kind.COMMAND, "review")]),
        (calling("skill_view", name="arxiv"), [called(Kind.SKILL, "arxiv")]),
        (calling("mcp__claude_ai_Gmail__send"), [called(Kind.MCP, "claude_ai_Gmail")]),
        (calling("mcp__github"), [called(Kind.MCP, "github")]),
        (calling("mcp__"), []),
        (calling("collaboration.spawn_agent", message="go"), []),
        (calling("ReadMcpResourceTool", server="docs", uri="a"), [called(Kind.MCP, "docs")]),
        (calling("read_mcp_resource", server="docs", uri="a"), [called(Kind.MCP, "docs")]),
        (calling("list_mcp_resources"), []),
    ],
    ids=lambda value: value.tool_calls[0].tool_name if isinstance(value, Step) else "",
)
def test_a_call_is_a_use_of_its_tool_and_of_what_the_tool_is_for(
    step: Step, also: list[Use]
) -> None:
    assert uses_in(step, {}) == (called(Kind.TOOL, step.tool_calls[0].tool_name), *also)


@pytest.mark.parametrize(
    "step",
    [
        calling("mcp__github__list_issues"),
        calling("mcp__github__.list_issues"),
        calling("mcp__github.list_issues"),
        calling("github.list_issues", called_by="c0"),
    ],
)
def test_a_tool_of_a_server_has_one_name_in_every_form(step: Step) -> None:
    assert uses_in(step, {}) == (
        called(Kind.TOOL, "mcp__github__list_issues"),
        called(Kind.MCP, "github"),
    )


@pytest.mark.parametrize(
    ("tool", "given_", "skills"),
    [
        ("read", {"path": "/home/dev/.pi/agent/skills/pdf/SKILL.md"}, ["pdf"]),
        ("read", {"path": "skills/pdf/SKILL.md"}, ["pdf"]),
        ("read_file", {"path": "/h/.hermes/skills/research/arxiv/SKILL.md"}, ["arxiv"]),
        ("read", {"path": "/home/dev/.pi/agent/skills/pdf/README.md"}, []),
        ("read", {"path": "/home/dev/SKILL.md"}, []),
        ("read", {"path": "/skills/SKILL.md"}, []),
        ("Read", {"file_path": "/home/dev/.claude/skills/pdf/SKILL.md"}, []),
        ("exec_command", {"cmd": "cat /r/.codex/skills/.system/imagegen/SKILL.md"}, ["imagegen"]),
        (
            "exec_command",
            {"cmd": "cd /r && sed -n '1,200p' '.agents/skills/pdf/SKILL.md'"},
            ["pdf"],
        ),
        ("shell", {"command": ["bash", "-lc", "head -50 /r/skills/a/SKILL.md; ls"]}, ["a"]),
        ("bash", {"command": "cat skills/a/SKILL.md skills/b/SKILL.md"}, ["a", "b"]),
        ("bash", {"command": "cat skills/a/SKILL.md; cat skills/a/SKILL.md"}, ["a"]),
        ("bash", {"command": "cat > skills/a/SKILL.md <<'E'\nname\nE"}, []),
        ("bash", {"command": "sed -i s/a/b/ skills/a/SKILL.md"}, []),
        ("bash", {"command": "rg --files -g SKILL.md; ls skills/a/SKILL.md"}, []),
        ("Bash", {"command": "cat .claude/skills/a/SKILL.md"}, []),
    ],
)
def test_a_skill_is_read_where_the_model_opens_its_file(
    tool: str, given_: dict[str, Any], skills: list[str]
) -> None:
    assert uses_in(calling(tool, **given_), {})[1:] == tuple(
        Use(Kind.SKILL, name, Form.READ, "c") for name in skills
    )


@pytest.mark.parametrize(
    ("words", "native", "kind", "name"),
    [
        ("/compact keep file names", CLAUDE, Kind.COMMAND, "compact"),
        ("/clear", CLAUDE, Kind.COMMAND, "clear"),
        ("/clear\nand more", {}, Kind.COMMAND, "clear"),
        ("/plugin:deploy now", CLAUDE, Kind.COMMAND, "plugin:deploy"),
        ("/skill:pdf fill it", PI, Kind.SKILL, "pdf"),
    ],
)
def test_what_a_person_types_names_a_command(
    words: str, native: dict[str, str], kind: Kind, name: str
) -> None:
    assert uses_in(saying("user", words), native) == (Use(kind, name, Form.TYPED),)


def test_a_prompt_of_a_server_is_a_command_and_a_use_of_the_server() -> None:
    assert uses_in(saying("user", "/mcp__github__triage 3"), CLAUDE) == (
        Use(Kind.COMMAND, "mcp__github__triage", Form.TYPED),
        Use(Kind.MCP, "github", Form.TYPED),
    )


@pytest.mark.parametrize(
    ("words", "native", "speaker"),
    [
        ("/srv/log is full", CLAUDE, "main"),
        ("look at /clear", CLAUDE, "main"),
        ("/ is full", CLAUDE, "main"),
        ("/<b>", CLAUDE, "main"),
        ("/compact", CODEX, "main"),
        ("/tree", PI, "main"),
        ("/clear", {}, None),
        ("/clear", CLAUDE, "reviewer"),
        ("echo $HOME and $deploy", CODEX, "main"),
        ("", CLAUDE, "main"),
    ],
)
def test_other_words_name_none(words: str, native: dict[str, str], speaker: str | None) -> None:
    assert uses_in(saying("user", words, speaker), native) == ()


@pytest.mark.parametrize(
    ("words", "skills"),
    [
        (
            "Base directory for this skill: /home/dev/.claude/skills/greet\n\nGreet Bob.\n",
            ["greet"],
        ),
        ("Base directory for this skill: C:\\dev\\skills\\greet\n", ["greet"]),
        ('<skill name="pdf" location="/s/pdf/SKILL.md">\nFill.\n</skill>', ["pdf"]),
        ("<skill>\n<name>pdf</name>\n<path>/s/pdf/SKILL.md</path>\nFill.\n</skill>", ["pdf"]),
        (
            "<skill>\n<name>a</name>\n<path>/a</path>\nx\n</skill>\n"
            "<skill>\n<name>b</name>\n<path>/b</path>\ny\n</skill>",
            ["a", "b"],
        ),
        ("<skills_instructions>\n## Skills\n- pdf: Fill. (file: r0/pdf/SKILL.md)", []),
        ("The following skills are available for use with the Skill tool:\n\n- greet: Greet", []),
        ("Skills come as <skill>\n<name>pdf</name>\n", []),
    ],
)
def test_the_text_of_a_skill_tells_of_it_and_a_list_of_them_does_not(
    words: str, skills: list[str]
) -> None:
    loaded = tuple(Use(Kind.SKILL, name, Form.LOADED) for name in skills)

    assert uses_in(saying("system", words), {}) == loaded
    assert uses_in(saying("user", words), CODEX) == ()


def test_what_is_found_of_a_step_are_its_skills_and_commands_each_once() -> None:
    calls = tuple(
        ToolCall(tool_call_id=str(at), tool_name="Skill", input={"skill": name})
        for at, name in enumerate(("greet", "pdf", "greet"))
    )

    assert skills_used(Step(step_index=1, role="agent", tool_calls=calls), {}) == ("greet", "pdf")
    assert skills_used(calling("mcp__github__log"), {}) == ()
    assert skills_used(saying("user", "/compact"), CLAUDE) == ("compact",)


@given(
    st.sampled_from(["user", "system", "agent"]),
    st.lists(
        st.sampled_from(
            [
                "/",
                "skill:",
                "<skill>",
                "\n",
                "<name>a</name>",
                "skills/",
                "a",
                "/SKILL.md",
                "cat ",
                "$",
            ]
        )
        | st.text(max_size=5)
    ).map("".join),
    st.sampled_from(["read", "bash", "Skill", "mcp__", "a.b", "skill_view", ""]),
)
def test_whatever_a_step_says_names_are_short_and_none_is_empty(
    role: Any, words: str, tool: str
) -> None:
    given_ = {"path": words, "command": words, "skill": words, "name": words, "called_by": words}
    call = ToolCall(tool_call_id="c", tool_name=tool + words, input=given_)
    steps = [
        saying(role, words),
        calling(tool, **given_),
        Step(step_index=1, role="agent", tool_calls=(call,)),
    ]
    for step in steps:
        for use in uses_in(step, CLAUDE):
            assert use.kind is Kind.TOOL or use.name
            assert len(use.name) <= 200
