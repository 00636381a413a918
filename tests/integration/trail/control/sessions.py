"""Sessions of the three agents, written as their clients write them while files are changed."""

import difflib
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

Line = dict[str, Any]


@dataclass
class Session(ABC):
    """One session, from its first prompt on; what it does to files it does to the disk, too."""

    home: Path
    """The user's home folder."""

    worktree: Path

    number: int
    """No other session has it."""

    moment: int
    """The last moment of it, in seconds since 1970."""

    lines: list[Line] = field(default_factory=list)
    wrote: dict[str, Counter[str]] = field(default_factory=dict)
    """The lines it wrote into each file."""

    def __post_init__(self) -> None:
        self.id = str(UUID(int=self.number, version=4))
        self._last: str | None = None

    def ask(self, text: str) -> None:
        """Type a prompt."""
        self.moment += 20
        self.lines += list(self._asked(text))

    def write(self, path: str, text: str) -> None:
        """Write a whole file."""
        file = self.worktree / path
        before = file.read_text() if file.exists() else None
        self.moment += 5
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self._note(path, before or "", text)
        self.lines += list(self._wrote(path, before, text))

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that is there once."""
        file = self.worktree / path
        before = file.read_text()
        assert before.count(old) == 1, (path, old)
        after = before.replace(old, new)
        self.moment += 5
        file.write_text(after)
        self._note(path, before, after)
        self.lines += list(self._edited(path, before, after, (old, new)))

    def end(self) -> None:
        """Leave the session where its client does."""
        file = self._file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{json.dumps(line)}\n" for line in self.lines))

    def _note(self, path: str, before: str, after: str) -> None:
        diff = difflib.ndiff(before.splitlines(), after.splitlines())
        added = (line[2:] for line in diff if line.startswith("+ "))
        self.wrote.setdefault(path, Counter()).update(added)

    @property
    def _time(self) -> str:
        return f"{datetime.fromtimestamp(self.moment, UTC):%Y-%m-%dT%H:%M:%S}.000Z"

    def _name(self) -> str:
        return f"{self.number}-{len(self.lines)}"

    @abstractmethod
    def _file(self) -> Path: ...

    @abstractmethod
    def _asked(self, text: str) -> Iterator[Line]: ...

    @abstractmethod
    def _wrote(self, path: str, before: str | None, text: str) -> Iterator[Line]: ...

    @abstractmethod
    def _edited(
        self, path: str, before: str, after: str, texts: tuple[str, str]
    ) -> Iterator[Line]: ...


class ClaudeCode(Session):
    """A session of Claude Code."""

    def _file(self) -> Path:
        return self.home / ".claude" / "projects" / "-app" / f"{self.id}.jsonl"

    def _asked(self, text: str) -> Iterator[Line]:
        yield self._line("user", f"u{self._name()}", message={"role": "user", "content": text})

    def _wrote(self, path: str, before: str | None, text: str) -> Iterator[Line]:
        file = str(self.worktree / path)
        result = {
            "type": "create" if before is None else "update",
            "filePath": file,
            "content": text,
            "originalFile": before,
            "structuredPatch": [] if before is None else _hunks(before, text),
            "userModified": False,
        }
        yield from self._call("Write", {"file_path": file, "content": text}, result)

    def _edited(self, path: str, before: str, after: str, texts: tuple[str, str]) -> Iterator[Line]:
        old, new = texts
        file = str(self.worktree / path)
        asked = {"file_path": file, "old_string": old, "new_string": new, "replace_all": False}
        result = {
            "filePath": file,
            "oldString": old,
            "newString": new,
            "originalFile": before,
            "structuredPatch": _hunks(before, after),
            "userModified": False,
            "replaceAll": False,
        }
        yield from self._call("Edit", asked, result)

    def _call(self, tool: str, asked: Line, result: Line) -> Iterator[Line]:
        name = self._name()
        call = {"type": "tool_use", "id": f"toolu_{name}", "name": tool, "input": asked}
        answer = {
            "id": f"msg_{name}",
            "role": "assistant",
            "model": "claude-sonnet-4-5",
            "content": [call],
            "usage": {"input_tokens": 1, "output_tokens": 2},
        }
        yield self._line("assistant", f"a{name}", requestId=f"req_{name}", message=answer)
        done = {"type": "tool_result", "tool_use_id": f"toolu_{name}", "content": "ok"}
        message = {"role": "user", "content": [done]}
        yield self._line("user", f"r{name}", message=message, toolUseResult=result)

    def _line(self, kind: str, uuid: str, **more: Any) -> Line:
        before, self._last = self._last, uuid
        return {
            "parentUuid": before,
            "isSidechain": False,
            "userType": "external",
            "cwd": str(self.worktree),
            "sessionId": self.id,
            "version": "2.1.197",
            "gitBranch": "main",
            "type": kind,
            "uuid": uuid,
            "timestamp": self._time,
            **more,
        }


class Codex(Session):
    """A session of the Codex CLI."""

    def _file(self) -> Path:
        stamp = f"{datetime.fromtimestamp(self.moment, UTC):%Y-%m-%dT%H-%M-%S}"
        folder = self.home / ".codex" / "sessions" / "2026" / "11" / "01"
        return folder / f"rollout-{stamp}-{self.id}.jsonl"

    def _asked(self, text: str) -> Iterator[Line]:
        if not self.lines:
            begun = {"id": self.id, "timestamp": self._time, "cwd": str(self.worktree)}
            yield self._line(
                "session_meta", **begun, originator="codex_exec", cli_version="0.120.0"
            )
            yield self._line("turn_context", cwd=str(self.worktree), model="gpt-5.5")
        content = [{"type": "input_text", "text": text}]
        yield self._line("response_item", type="message", role="user", content=content)
        yield self._line("event_msg", type="user_message", message=text)

    def _wrote(self, path: str, before: str | None, text: str) -> Iterator[Line]:
        told = "".join(f"+{line}" for line in text.splitlines(keepends=True))
        if before is None:
            added = {"type": "add", "content": text}
            yield from self._patch(f"*** Add File: {path}\n{told}", f"A {path}", added)
        else:
            yield from self._edited(path, before, text, (before, text))

    def _edited(self, path: str, before: str, after: str, texts: tuple[str, str]) -> Iterator[Line]:
        diff = _unified(before, after, 3)
        told = "".join("@@\n" if line.startswith("@@") else line for line in diff)
        changed = {"type": "update", "unified_diff": "".join(diff), "move_path": None}
        yield from self._patch(f"*** Update File: {path}\n{told}", f"M {path}", changed)

    def _patch(self, text: str, listed: str, change: Line) -> Iterator[Line]:
        """Every second session is one of a release that tells of changes by items, too."""
        call, patch = f"call_{self._name()}", f"*** Begin Patch\n{text}*** End Patch\n"
        asked = {"status": "completed", "call_id": call, "name": "apply_patch", "input": patch}
        yield self._line("response_item", type="custom_tool_call", **asked)
        if self.number % 2:
            file = str(self.worktree / listed[2:])
            item = {"id": call, "changes": {file: change}, "status": "completed"}
            item |= {"type": "FileChange"}
            yield self._line("event_msg", type="item_completed", thread_id=self.id, item=item)
        done = f"Success. Updated the following files:\n{listed}\n"
        said = json.dumps({"output": done, "metadata": {"exit_code": 0}})
        answer = {"call_id": call, "output": said}
        yield self._line("response_item", type="custom_tool_call_output", **answer)

    def _line(self, what: str, **payload: Any) -> Line:
        return {"timestamp": self._time, "type": what, "payload": payload}


class Pi(Session):
    """A session of Pi."""

    def _file(self) -> Path:
        folder = self.home / ".pi" / "agent" / "sessions" / "--app--"
        return folder / f"2026-11-01T00-00-00-000Z_{self.id}.jsonl"

    def _asked(self, text: str) -> Iterator[Line]:
        if not self.lines:
            begun = {"type": "session", "version": 3, "id": self.id, "timestamp": self._time}
            yield begun | {"cwd": str(self.worktree)}
        yield self._line("u", {"role": "user", "content": [{"type": "text", "text": text}]})

    def _wrote(self, path: str, before: str | None, text: str) -> Iterator[Line]:
        yield from self._call("write", {"path": path, "content": text}, None)

    def _edited(self, path: str, before: str, after: str, texts: tuple[str, str]) -> Iterator[Line]:
        old, new = texts
        asked = {"path": path, "edits": [{"oldText": old, "newText": new}]}
        diff = "".join((f"--- {path}\n", f"+++ {path}\n", *_unified(before, after, 4)))
        yield from self._call("edit", asked, {"diff": "", "patch": diff})

    def _call(self, tool: str, asked: Line, details: Line | None) -> Iterator[Line]:
        call = f"toolu_{self._name()}"
        answer = {
            "role": "assistant",
            "content": [{"type": "toolCall", "id": call, "name": tool, "arguments": asked}],
            "provider": "mock",
            "model": "mock-1",
            "usage": {"input": 1, "output": 2, "cacheRead": 0, "cacheWrite": 0},
            "stopReason": "toolUse",
        }
        yield self._line("a", answer)
        done = {
            "role": "toolResult",
            "toolCallId": call,
            "toolName": tool,
            "content": [{"type": "text", "text": "done"}],
            "isError": False,
        }
        yield self._line("r", done | ({"details": details} if details is not None else {}))

    def _line(self, kind: str, message: Line) -> Line:
        name = f"{kind}{self._name()}"
        before, self._last = self._last, name
        stamped = message | {"timestamp": self.moment * 1000}
        base = {"type": "message", "id": name, "parentId": before, "timestamp": self._time}
        return base | {"message": stamped}


def _unified(before: str, after: str, context: int) -> list[str]:
    """Return the lines of a diff's hunks."""
    old, new = (text.splitlines(keepends=True) for text in (before, after))
    return list(difflib.unified_diff(old, new, n=context))[2:]


def _hunks(before: str, after: str) -> list[Line]:
    """Return hunks with three lines around, as Claude Code shows them."""
    old, new = before.splitlines(), after.splitlines()
    return [_hunk(old, new, group) for group in _groups(old, new)]


def _groups(old: list[str], new: list[str]) -> list[list[tuple[str, int, int, int, int]]]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return list(matcher.get_grouped_opcodes(3))


def _hunk(old: list[str], new: list[str], group: list[tuple[str, int, int, int, int]]) -> Line:
    lines: list[str] = []
    for tag, old_from, old_to, new_from, new_to in group:
        if tag == "equal":
            lines += [f" {line}" for line in old[old_from:old_to]]
        else:
            lines += [f"-{line}" for line in old[old_from:old_to]]
            lines += [f"+{line}" for line in new[new_from:new_to]]
    return {
        "oldStart": group[0][1] + 1,
        "oldLines": group[-1][2] - group[0][1],
        "newStart": group[0][3] + 1,
        "newLines": group[-1][4] - group[0][3],
        "lines": lines,
    }
