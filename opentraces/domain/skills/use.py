"""One use of a skill, a slash command, an MCP server or a tool."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What is used."""

    SKILL = "skill"
    """Instructions that are put before the model when they are needed."""

    COMMAND = "command"
    """A slash command that is no skill."""

    MCP = "mcp"
    """An MCP server: each call of one of its tools, each of its prompts that was typed."""

    TOOL = "tool"
    """A tool, those of MCP servers among them."""


class Form(StrEnum):
    """How a step tells of a use."""

    CALLED = "called"
    """By a call of the model."""

    TYPED = "typed"
    """A person typed its name."""

    LOADED = "loaded"
    """The program put its text before the model."""

    READ = "read"
    """The model read its file."""


class Use(NamedTuple):
    """What a step tells of one use; several steps may tell of the same."""

    kind: Kind
    """What is used."""

    name: str
    """Its name, without `/` or `$` before it; of a tool as the agent calls it, of a server's tool
    `mcp__server__tool`."""

    form: Form
    """How the step tells of it."""

    call: str | None = None
    """The call it is, or was read by. None: it is no call."""
