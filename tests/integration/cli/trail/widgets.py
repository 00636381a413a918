"""A repository in which sessions of Claude Code change files, and somebody commits."""

import json
import os
import subprocess
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from tests.git_repositories import NAMED, git

_HOUR = "2026-11-01T10"
BEGINNING = "import os\n\n\ndef first_of_all():\n    return os.getcwd()\n"
SECOND = "\n\ndef second_of_all(number):\n    return number + first_of_all()\n"
THIRD = "\n\ndef third_of_all(argument):\n    return argument - second_of_all(1)\n"


def moment(second: int) -> str:
    """A moment so many seconds after the hour."""
    return f"{_HOUR}:{second // 60:02}:{second % 60:02}Z"


def _structured(before: str, after: str) -> list[dict[str, Any]]:
    """What changed, as Claude Code says it."""
    old, new = before.splitlines(), after.splitlines()
    hunks = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(3):
        lines: list[str] = []
        for _, a, b, c, d in group:
            same = old[a:b] == new[c:d]
            lines += [f" {line}" for line in old[a:b]] if same else []
            lines += [] if same else [f"-{line}" for line in old[a:b]]
            lines += [] if same else [f"+{line}" for line in new[c:d]]
        first, last = group[0], group[-1]
        hunks.append(
            {
                "oldStart": first[1] + 1,
                "oldLines": last[2] - first[1],
                "newStart": first[3] + 1,
                "newLines": last[4] - first[3],
                "lines": lines,
            }
        )
    return hunks


class Widgets:
    """The repository, made with one commit before any session."""

    def __init__(self, folder: Path, home: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.home = home
        git(folder, "init", "--quiet", "--initial-branch=main")
        (folder / "README").write_text(f"{folder.name}\n")
        (folder / "a.py").write_text(BEGINNING)
        self.commit("Begin widgets", at=1)

    def commit(self, message: str, *, at: int) -> str:
        """Commit all files; return the commit's id."""
        git(self.folder, "add", "--all")
        self.git_at(at, "commit", "--quiet", "--message", message)
        return git(self.folder, "rev-parse", "HEAD")

    def git_at(self, at: int, *arguments: str) -> None:
        """Run git so many seconds after the hour."""
        dates = {"GIT_AUTHOR_DATE": moment(at), "GIT_COMMITTER_DATE": moment(at)}
        subprocess.run(
            ["git", *NAMED, *arguments],
            cwd=self.folder,
            env={**os.environ, **dates},
            check=True,
            capture_output=True,
        )

    def session(self, name: str = "0b7d6f3a-0000-4000-8000-000000000001") -> "Session":
        """Begin a session in it."""
        return Session(self, name)


class Session:
    """A session that does to the files what its transcript says."""

    def __init__(self, widgets: Widgets, name: str) -> None:
        self._widgets = widgets
        self.name = name
        self._lines: list[dict[str, Any]] = []

    def asks(self, text: str, *, at: int) -> "Session":
        """Let somebody type a prompt."""
        return self._add("user", at, message={"role": "user", "content": text})

    def edits(self, path: str, old: str, new: str, *, at: int) -> "Session":
        """Replace a text that is in a file once."""
        file = self._widgets.folder / path
        before = file.read_text()
        assert before.count(old) == 1
        file.write_text(before.replace(old, new))
        given = {"file_path": str(file), "old_string": old, "new_string": new}
        told = {
            "filePath": str(file),
            "oldString": old,
            "newString": new,
            "originalFile": before,
            "structuredPatch": _structured(before, before.replace(old, new)),
            "userModified": False,
            "replaceAll": False,
        }
        return self._call("Edit", given, told, at)

    def adds(self, path: str, text: str, *, at: int) -> "Session":
        """Add a text to the end of a file."""
        last = (self._widgets.folder / path).read_text().splitlines(keepends=True)[-1]
        return self.edits(path, last, last + text, at=at)

    def writes(self, path: str, text: str, *, at: int) -> "Session":
        """Make a file."""
        file = self._widgets.folder / path
        assert not file.exists()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        told: dict[str, Any] = {
            "type": "create",
            "filePath": str(file),
            "content": text,
            "structuredPatch": [],
            "originalFile": None,
        }
        return self._call("Write", {"file_path": str(file), "content": text}, told, at)

    def loads(self, text: str, *, at: int) -> "Session":
        """Let the program put a text before the model."""
        said = {"role": "user", "content": [{"type": "text", "text": text}]}
        return self._add("user", at, message=said, isMeta=True)

    def calls(self, tool: str, *, at: int, fails: bool = False, **given: str) -> "Session":
        """Let the model call a tool that changes no file."""
        return self._call(tool, given, {}, at, fails=fails)

    def runs(self, command: str, output: str, *, at: int, fails: bool = False) -> "Session":
        """Let the model run a command that prints something and changes no file."""
        return self._call("Bash", {"command": command}, {"shown": output}, at, fails=fails)

    def says(self, text: str, *, at: int) -> "Session":
        """Let the model say something."""
        answer = {
            "id": f"msg_{self.name[-4:]}_{len(self._lines)}",
            "role": "assistant",
            "model": "claude-sonnet-4-5",
            "content": [{"type": "text", "text": text}],
            "usage": {"input_tokens": 1, "output_tokens": 2},
        }
        return self._add("assistant", at, requestId=f"req_{len(self._lines)}", message=answer)

    def leave(self) -> None:
        """Leave the transcript where Claude Code does."""
        folder = self._widgets.home / ".claude" / "projects" / "-widgets"
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{json.dumps(line)}\n" for line in self._lines)
        (folder / f"{self.name}.jsonl").write_text(text)

    def _call(
        self,
        tool: str,
        given: dict[str, Any],
        told: dict[str, Any],
        at: int,
        *,
        fails: bool = False,
    ) -> "Session":
        name = f"toolu_{self.name[-4:]}_{len(self._lines)}"
        answer = {
            "id": f"msg_{name}",
            "role": "assistant",
            "model": "claude-sonnet-4-5",
            "content": [{"type": "tool_use", "id": name, "name": tool, "input": given}],
            "usage": {"input_tokens": 1, "output_tokens": 2},
        }
        shown = told.pop("shown", "it failed" if fails else "done")
        result: dict[str, Any] = {"type": "tool_result", "tool_use_id": name, "content": shown}
        if fails:
            result |= {"is_error": True}
        self._add("assistant", at, requestId=f"req_{name}", message=answer)
        said = {"role": "user", "content": [result]}
        return self._add("user", at, message=said, toolUseResult=told)

    def _add(self, kind: str, at: int, **more: Any) -> "Session":
        self._lines.append(
            {
                "parentUuid": None,
                "isSidechain": False,
                "type": kind,
                "uuid": f"{self.name}-{len(self._lines)}",
                "timestamp": moment(at).replace("Z", ".000Z"),
                "sessionId": self.name,
                "cwd": str(self._widgets.folder),
                "version": "2.1.197",
                "gitBranch": "main",
                **more,
            }
        )
        return self
