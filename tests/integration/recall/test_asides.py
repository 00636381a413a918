"""What stands beside the line that a session went on: sub-agents, left branches, summaries."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.integration.recall.conftest import Found, keep
from tests.integration.recall.planting import DATA, Planted

WORD = "zqasidequern"


class Aside(NamedTuple):
    """A text that is no part of the conversation as it went on."""

    what: str
    pattern: str
    """The session that has it."""

    place: str
    """Where its agent leaves it."""

    text: str
    role: str


CLAUDE = "claude-code/subagent/projects/-home-dev-subagent"
PI = ".pi/agent/sessions/--home-dev--"
ASIDES = (
    Aside("prompt", f"{CLAUDE}/*/subagents/*-acb*.jsonl", "", "SUB-", "user"),
    Aside("report", f"{CLAUDE}/*/subagents/*-ae*.jsonl", "", "ALPHA REPORT", "agent"),
    Aside("left prompt", "pi/0.87.1/s2_branches/*.jsonl", PI, "BRANCH-A: write", "user"),
    Aside("left answer", "pi/0.87.1/s2_branches/*.jsonl", PI, "Branch B done.", "agent"),
    Aside("branch summary", "pi/0.87.1/s2_branches/*.jsonl", PI, "## Goal", "system"),
    Aside("compaction", "pi/0.87.1/s5_compact/*.jsonl", PI, "(MOCK SUMMARY)", "system"),
    Aside(
        "compaction of Codex",
        "codex-cli/compact/rollout-*.jsonl",
        ".codex/sessions/2026/11/23",
        "Here is the summary produced by",
        "system",
    ),
)


@pytest.mark.parametrize("aside", ASIDES, ids=[each.what.replace(" ", "-") for each in ASIDES])
def test_a_word_beside_the_conversation_is_found(
    aside: Aside, tmp_path: Path, found: Found
) -> None:
    [session] = DATA.glob(aside.pattern)
    place = aside.place
    if not place:
        shutil.copytree(DATA / CLAUDE, tmp_path / ".claude" / "projects" / "-home-dev-subagent")
        beside = session.relative_to(DATA / CLAUDE).parent
        place = f".claude/projects/-home-dev-subagent/{beside}"
    planted = Planted(aside.what, session, place, (), "")
    planted.write_with({aside.text: f"{aside.text} {WORD}"}, tmp_path)
    keep(tmp_path)

    [hit] = found(tmp_path, WORD)

    assert aside.role in {match["role"] for match in hit["matches"]}
