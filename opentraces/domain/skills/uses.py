"""What a step tells of uses of skills, slash commands, MCP servers and tools.

Lists of what may be used are offers, and no uses: they are attachments, or instructions.
"""

from collections.abc import Iterator, Mapping

from opentraces.domain.dependencies.installing import commands_of
from opentraces.domain.skills.names import (
    LONGEST,
    loaded_skills,
    mcp_of,
    skill_of_file,
    skills_read_by,
    tool_of,
    typed_command,
    typed_skill,
)
from opentraces.domain.skills.use import Form, Kind, Use
from opentraces.domain.step import Step, ToolCall

_BY_TOOL = {
    "Skill": (Kind.SKILL, ("skill", "command")),
    "SlashCommand": (Kind.COMMAND, ("command",)),
    "skill_view": (Kind.SKILL, ("name",)),
}
"""Tools whose calls are uses of something else, and the arguments that name it."""

_READERS = frozenset(("read", "read_file"))
_SHELLS = frozenset(
    ("bash", "exec_command", "local_shell", "shell", "shell_command", "container.exec", "terminal")
)
"""Tools of agents whose model opens `SKILL.md` itself; Claude Code's are written otherwise."""

_RESOURCES = frozenset(
    (
        "ListMcpResourcesTool",
        "ReadMcpResourceTool",
        "list_mcp_resource_templates",
        "list_mcp_resources",
        "read_mcp_resource",
    )
)


def uses_in(step: Step, native: Mapping[str, str]) -> tuple[Use, ...]:
    """Return what a step tells of uses, in its order; `native` is that of the kept step."""
    if step.role == "agent" or step.tool_calls:
        return tuple(use for call in step.tool_calls for use in _of_call(call))
    if step.role == "user":
        return tuple(_typed(step, native))
    return tuple(Use(Kind.SKILL, name, Form.LOADED) for name in loaded_skills(step.content or ""))


def skills_used(step: Step, native: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of skills and slash commands that a step tells of, each once.

    `greet` of a call of the tool for skills, of `/greet` as it was typed, of the text of the skill
    where the program put it before the model, and of its file where the model read it. Without `/`
    and without `skill:` before it.
    """
    uses = uses_in(step, native)
    return tuple(dict.fromkeys(use.name for use in uses if use.kind in (Kind.SKILL, Kind.COMMAND)))


def _of_call(call: ToolCall) -> Iterator[Use]:
    tool, said = call.tool_name, call.tool_call_id
    mcp = mcp_of(tool, call.input)
    named = tool if mcp is None or not mcp[1] else tool_of(*mcp)
    yield Use(Kind.TOOL, named[:LONGEST], Form.CALLED, said)
    server = mcp[0] if mcp else _text(call, "server")[:LONGEST] if tool in _RESOURCES else ""
    if server:
        yield Use(Kind.MCP, server, Form.CALLED, said)
    if tool in _BY_TOOL:
        kind, names = _BY_TOOL[tool]
        words = next((words for name in names if (words := _text(call, name).split())), [])
        if words and (used := words[0].lstrip("/")):
            yield Use(kind, used[:LONGEST], Form.CALLED, said)
    for skill in dict.fromkeys(_read_by(call)):
        yield Use(Kind.SKILL, skill, Form.READ, said)


def _read_by(call: ToolCall) -> Iterator[str]:
    if call.tool_name in _READERS:
        skill = skill_of_file(_text(call, "path") or _text(call, "file_path"))
        if skill is not None:
            yield skill
    elif call.tool_name in _SHELLS:
        for command in commands_of(call):
            yield from skills_read_by(command)


def _typed(step: Step, native: Mapping[str, str]) -> Iterator[Use]:
    command = typed_command(step.content or "")
    if command is None:
        return
    skill = typed_skill(command)
    if skill is not None:
        yield Use(Kind.SKILL, skill, Form.TYPED)
    elif _is_of_claude_code(step, native):
        yield Use(Kind.COMMAND, command, Form.TYPED)
        mcp = mcp_of(command, {})
        if mcp is not None:
            yield Use(Kind.MCP, mcp[0], Form.TYPED)


def _is_of_claude_code(step: Step, native: Mapping[str, str]) -> bool:
    """Whether a person typed it in Claude Code: others send what begins with `/` to the model.

    Lines of Claude Code have a `uuid`; those of its history of prompts have no id, but a role.
    """
    return step.agent_role == "main" and ("uuid" in native or not native)


def _text(call: ToolCall, name: str) -> str:
    said = call.input.get(name)
    return said if isinstance(said, str) else ""
