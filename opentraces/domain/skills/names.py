"""Names of skills and MCP servers in what agents write, and how each form of them looks.

Claude Code has a tool for skills, and puts what was typed as `/name` into markup, which is kept as
it was typed. Codex puts `<skill>` before the model where `$name` was typed: `$name` alone may be a
variable of a shell. Pi puts `<skill name="…">` there for `/skill:name`. Both let the model read
`SKILL.md`, and so does Hermes, which has a tool for it, too.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 200
"""Characters of a name; what goes on beyond is cut."""

_TYPED = re.compile(r"/([^\s/<>]{1,200})(?=\s|\Z)")
_PI = "skill:"
_FILE = "/SKILL.md"
_FOLDER = "skills"
_WORDS = re.compile(r"[\s\"'`()]+")
_PARTS = re.compile(r"[;&|\n]+")
_READS = re.compile(r"\s*(?:cat|sed(?!\s+-i)|head|tail|less|more|bat|nl|awk|Get-Content|type)\s")
_CODEX = re.compile(r"<skill>\n<name>([^<>\n]{1,200})</name>\n")
_CODEX_NEXT = re.compile(r"</skill>\n<skill>\n<name>([^<>\n]{1,200})</name>\n")
_OF_PI = re.compile(r'<skill name="([^"\n]{1,200})" location="')
_OF_CLAUDE = re.compile(
    r"Base directory for this skill: (?:[^\n]*[/\\])?([^/\\\n]{1,200})(?:\n|\Z)"
)
_MCP = "mcp__"


def typed_command(words: str) -> str | None:
    """Return the command that what was typed begins with. None: it begins with none."""
    found = _TYPED.match(words)
    return found[1] if found else None


def typed_skill(command: str) -> str | None:
    """Return the skill that a typed command asks for by its form alone. None: it has no such."""
    return command.removeprefix(_PI) if command.startswith(_PI) and command != _PI else None


def loaded_skills(words: str) -> list[str]:
    """Return the skills whose text the program put before the model with these words."""
    for form in (_OF_CLAUDE, _OF_PI):
        found = form.match(words)
        if found:
            return [found[1]]
    first = _CODEX.match(words)
    return [first[1], *_CODEX_NEXT.findall(words)] if first else []


def skill_of_file(path: str) -> str | None:
    """Return the skill whose file this is. None: it is no `SKILL.md` in a folder of skills."""
    parts = path.replace("\\", "/").split("/")
    is_file = f"/{parts[-1]}" == _FILE and _FOLDER in parts[:-2]
    return parts[-2][:LONGEST] or None if is_file else None


def skills_read_by(command: str) -> Iterator[str]:
    """Yield the skills whose files a command line reads: not those that it writes or looks for."""
    if _FILE not in command:
        return
    for part in _PARTS.split(command):
        if ">" in part or not _READS.match(part):
            continue
        for word in _WORDS.split(part):
            skill = skill_of_file(word)
            if skill is not None:
                yield skill


def mcp_of(tool: str, given: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the MCP server whose tool this is, and its own name there. None: it is of none.

    `mcp__server__tool`, in Codex also `mcp__server.tool`; a script of Codex's that calls
    `server.tool` has no other form.
    """
    if tool.startswith(_MCP):
        rest = tool.removeprefix(_MCP)
        server, _, own = rest.partition("__" if "__" in rest else ".")
        return (server[:LONGEST], own.removeprefix(".")) if server else None
    server, dot, own = tool.partition(".")
    return (server[:LONGEST], own) if dot and server and "called_by" in given else None


def tool_of(server: str, own: str) -> str:
    """Return the one name of a server's tool, in whatever form it was called."""
    return f"{_MCP}{server}__{own}"
