"""Sessions of the real agents in which words are planted that occur nowhere else."""

import json
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parents[2] / "data"


class Needle(NamedTuple):
    """Where a word is planted, and as what it must be found."""

    what: str
    """Which kind of text it is in, as people say it."""

    beside: str
    """The text of the agent that it is planted behind."""

    role: str
    """As what it must be found."""

    @property
    def word(self) -> str:
        """The word; no other needle of the session has it."""
        return f"zq{self.what.replace(' ', '')}quern"


class Planted(NamedTuple):
    """A session of one agent, and what is planted in it."""

    agent: str
    session: Path
    """The agent's own file."""

    place: str
    """Where it stands in a home."""

    needles: tuple[Needle, ...]
    folder: str
    """A folder that a tool call names; one is planted below it."""

    @property
    def folder_word(self) -> str:
        """The name of the planted folder."""
        return "zqfolderquern"

    def write(self, home: Path) -> None:
        """Leave the session in a home, the needles planted."""
        words = {each.beside: f"{each.beside} {each.word}" for each in self.needles}
        words[self.folder] = f"{self.folder}{self.folder_word}/"
        self.write_with(words, home)

    def write_with(self, words: dict[str, str], home: Path) -> None:
        """Leave the session in a home, some of its words replaced wherever they stand."""
        lines = self.session.read_bytes().splitlines()
        path = home / self.place / self.session.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(_line(json.loads(line), words) for line in lines))


def _line(value: Any, words: dict[str, str]) -> bytes:
    return json.dumps(_with(value, words), ensure_ascii=False).encode() + b"\n"


def _with(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [_with(each, words) for each in value]
    for beside, planted in words.items() if isinstance(value, str) else ():
        value = value.replace(beside, planted)
    return value


def _only(pattern: str) -> Path:
    [path] = DATA.glob(pattern)
    return path


CLAUDE = Planted(
    "claude-code",
    _only("claude-code/edit_commit/projects/*/*.jsonl"),
    ".claude/projects/-home-dev-edit-commit",
    (
        Needle("user text", "TASK-MAIN fix the sub function", "user"),
        Needle("assistant text", "I'll look at the project first.", "agent"),
        Needle("thinking", "sub uses +; must be -.", "thinking"),
        Needle("tool input", "t.test_sub(); print(", "call"),
        Needle("written file", "A scratch project. Overwritten.", "call"),
        Needle("tool output", "create mode 100644 test_calc.py", "tool"),
        Needle("error", "String to replace not found in file.", "tool"),
        Needle("failed command", "Exit code 3\noops", "tool"),
        Needle("commit message", "Fix sub and add tests", "call"),
        Needle("last words", "added tests and committed.", "agent"),
    ),
    "/home/dev/edit-commit/",
)
CODEX = Planted(
    "codex-cli",
    _only("codex-cli/edit/rollout-*.jsonl"),
    ".codex/sessions/2026/11/23",
    (
        Needle("user text", "Fix add and add a test, then commit", "user"),
        Needle("assistant text", "I'll look at the code first.", "agent"),
        Needle("thinking", "I will look at calc.py first.", "thinking"),
        Needle("tool input", "ls -la && cat calc.py", "call"),
        Needle("patch", "+    assert add(-1, 1) == 0", "call"),
        Needle("tool output", "Output:\ntotal 24", "tool"),
        Needle("error", "cat: does_not_exist.txt: No such file or directory", "tool"),
        Needle("failed patch", "apply_patch verification failed:", "tool"),
        Needle("commit message", "commit -q -m 'fix add", "call"),
        Needle("last words", "removed notes.txt and committed.", "agent"),
    ),
    "*** Add File: ",
)
PI = Planted(
    "pi",
    _only("pi/0.87.1/s1_edit_commit/*.jsonl"),
    ".pi/agent/sessions/--home-dev-s1--",
    (
        Needle("user text", "EDIT-TASK: add a farewell function", "user"),
        Needle("assistant text", "Let me look at the code.", "agent"),
        Needle("thinking", "Now edit two places in one call.", "thinking"),
        Needle("tool input", "git log --oneline | head -3", "call"),
        Needle("edit", "def farewell(name):\n    return f", "call"),
        Needle("tool output", "f33c242 init", "tool"),
        Needle("error", "Could not find the exact text in src/greet.py.", "tool"),
        Needle("failed command", "Command exited with code 3", "tool"),
        Needle("commit message", "commit -q -m 'Add farewell", "call"),
        Needle("last words", "and committed the change.", "agent"),
    ),
    "tests/",
)
ALL = (CLAUDE, CODEX, PI)
