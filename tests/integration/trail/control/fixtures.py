"""The real sessions of all agents, in repositories that hold what theirs held.

What files held before and after was taken from the sessions by hand: from what the agents were
shown, and from the tests of their repositories that they ran. The compiled files that they
committed, too, are left out: no tool wrote them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.integration.trail.control.credits import Checkout, User

DATA = Path(__file__).parents[3] / "data"
AWAY = b"/home/dev/"
"""Where all sessions ran."""

Files = Mapping[str, str | None]
"""What files hold, by path; None: it is gone."""


@dataclass(frozen=True)
class Own:
    """A commit that an agent made in its session."""

    folder: str
    """The name of its repository."""

    at: str
    """When it was made: ISO 8601 in UTC."""

    before: Files
    after: Files

    lines: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    """The lines that each call wrote into the commit, by file and id of the call."""


GREETING = 'def greet(name):\n    return "hello " + name\n\n\n# end\n'
GREETED = (
    'def greet(name):\n    return f"Hello, {name}!"\n\n\n'
    'def farewell(name):\n    return f"Bye, {name}!"\n\n\n# end\n'
)
TESTED = (
    "from src.greet import farewell\n\n\n"
    'def test_farewell():\n    assert farewell("Bo") == "Bye, Bo!"\n'
)
ADDED = "def add(a, b):\n    return a + b\n"
MISTAKEN = "def add(a, b):\n    return a - b\n"
ROWS = "".join(f"ROW_{number} = {number}\n" for number in range(1830))
SCRIPT = "exec-d0250b5e-2fdc-4d02-b281-3de046a8896b"
"""The call that a script of Codex's made."""

RATES = "".join(f"ROW_{number} = {number}\n" for number in range(800))


def _codex_edit(folder: str, at: str) -> Own:
    return Own(
        folder,
        at,
        {"AGENTS.md": "# Agents\n", "calc.py": MISTAKEN, "notes.txt": "old notes\n"},
        {
            "calc.py": ADDED,
            "notes.txt": None,
            "tests/test_calc.py": "from calc import add\n\ndef test_add():\n"
            "    assert add(1, 2) == 3\n    assert add(-1, 1) == 0\n",
        },
        {
            "calc.py": {"call_mock00020": (2,)},
            "tests/test_calc.py": {"call_mock00020": (1, 2, 3, 4), "call_mock00040": (5,)},
        },
    )


def _pi_edit(folder: str, at: str) -> Own:
    return Own(
        folder,
        at,
        {"AGENTS.md": "# Agents\n", "src/__init__.py": "", "src/greet.py": GREETING},
        {"src/greet.py": GREETED, "tests/test_greet.py": TESTED},
        {
            "src/greet.py": {"toolu_mock_2_1": (2, 3, 4, 5, 6)},
            "tests/test_greet.py": {"toolu_mock_3_0": (1, 2, 3, 4, 5)},
        },
    )


COMMITS = (
    Own(
        "edit-commit",
        "2026-11-23T04:59:28",
        {
            "README.md": "# demo\n\nA scratch project.\n",
            "calc.py": ADDED + "\n\ndef sub(a, b):\n    return a + b\n",
        },
        {
            "README.md": "# demo\n\nA scratch project. Overwritten.\n",
            "calc.py": ADDED + "\n\ndef sub(a, b):\n    return a - b\n",
            "test_calc.py": "from calc import add, sub\n\n\ndef test_add():\n"
            "    assert add(1, 2) == 3\n\n\ndef test_sub():\n    assert sub(3, 2) == 1\n",
        },
        {
            "README.md": {"toolu_011V0eDIy2iKzAV8TrpmecDX": (3,)},
            "calc.py": {"toolu_011XdTNNoQHLP4OM2NKlBvVJ": (6,)},
            "test_calc.py": {"toolu_01lgdHVt799qGM0WIkp5y9Wn": (1, 2, 3, 4, 5, 6, 7, 8, 9)},
        },
    ),
    Own(
        "rates",
        "2026-11-26T00:09:21",
        {"README.md": "# Rates\n", "table.py": ROWS, "rates.py": RATES},
        {
            "table.py": ROWS.replace("ROW_7 = 7\n", "ROW_7 = 70\n"),
            "rates.py": RATES.replace("ROW_7 = 7\n", "ROW_7 = 70\n"),
            "notes.md": "# Notes\n\nThe rates are right.\n",
        },
        {"notes.md": {"toolu_msg_01scripted00050": (1, 2, 3)}},
    ),
    _codex_edit("edit", "2026-11-23T04:54:37"),
    _codex_edit("legacy120", "2026-11-23T05:19:47"),
    Own(
        "codemode",
        "2026-11-23T05:15:09",
        {"AGENTS.md": "# Agents\n", "calc.py": MISTAKEN, "notes.txt": "old notes\n"},
        {"calc.py": ADDED, "test_calc.py": "from calc import add\nassert add(1, 2) == 3\n"},
        {"calc.py": {SCRIPT: (2,)}, "test_calc.py": {SCRIPT: (1, 2)}},
    ),
    _pi_edit("0.87.1/s1", "2026-11-23T05:08:44"),
    _pi_edit("0.73.1/s1", "2026-11-23T05:20:50"),
)
"""`ROW_7 = 70` has too few letters and digits to be told from others: nobody is named for it."""

WITHOUT = {
    "resume": {"calc.py": ADDED},
    "subagent": {"README.md": "# Demo\n"},
    "permission": {"README.md": "# Demo\n"},
    "adder": {"adder.py": MISTAKEN},
    "plan": {"notes.txt": "old notes\n"},
    "rig/work/resume": {"notes.txt": "old notes\n"},
    "0.87.1/s2": {"README.md": "# Demo\n"},
    "0.73.1/s5": {"src/greet.py": GREETING},
}
"""Sessions that changed files and committed nothing, with what their repositories held."""

HOMES = (
    ("claude-code/edit_commit",),
    ("claude-code/live",),
    ("claude-code/resume", "claude-code/subagent", "claude-code/permission"),
    ("claude-code/release_330",),
    tuple(
        f"{agent}/{folder.relative_to(DATA / agent)}"
        for agent, pattern in (("codex-cli", "*"), ("pi", "*/*"))
        for folder in sorted((DATA / agent).glob(pattern))
        if folder.is_dir() and folder.name != "resume1"  # resume2 is the same, continued
    ),
)
"""The folders whose sessions are left together: several of Claude Code's share ids of messages,
which real ones never do."""


def leave_sessions(user: User, repositories: Path, folders: Sequence[str]) -> None:
    """Leave the sessions of some folders of fixtures, moved to where repositories are."""
    home = user.home
    home.mkdir(parents=True)
    for name in folders:
        agent, _, folder = name.partition("/")
        source = DATA / agent / folder
        match agent:
            case "claude-code":
                _copied(source / "projects", home / ".claude" / "projects", repositories)
                if (source / "spool").is_dir():
                    _copied(source / "spool", home / "opentraces" / "spool", repositories)
            case "codex-cli":
                place = home / ".codex" / "sessions" / "2026" / "11" / "23"
                _copied(source, place, repositories)
            case "pi":
                release = folder.partition("/")[0]
                place = home / ".pi" / "agent" / "sessions" / folder.replace("/", "-")
                _copied(source, place, repositories / release)


def _copied(source: Path, target: Path, repositories: Path) -> None:
    for file in source.rglob("*"):
        if file.is_file() and file.name != "hooks.jsonl":
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            data = file.read_bytes().replace(AWAY, f"{repositories}/".encode())
            copy.write_bytes(data)


def commit_own(checkout: Checkout, own: Own) -> str:
    """Make the repository of a session, and the commit that it made."""
    at = int(datetime.fromisoformat(f"{own.at}+00:00").timestamp())
    _put(checkout, own.before)
    checkout.git("init", "--quiet", "--initial-branch=main")
    checkout.commit("initial", at - 4, "dev")
    _put(checkout, own.after)
    return checkout.commit("what the session made", at, "dev")


def _put(checkout: Checkout, files: Files) -> None:
    for path, text in files.items():
        if text is None:
            (checkout.folder / path).unlink()
        else:
            checkout.write(path, text)
