"""ccusage: another program's count of the same sessions."""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import orjson

from benchmarks.corpus.tokens import Tokens
from tests.agents.rig.installed import ccusage_program


def ccusage_tokens(claude: Path, home: Path) -> Tokens:
    """Return what ccusage counts below `claude`, a Claude Code configuration folder.

    By session and not by day: its daily report tells responses without a request id apart by
    their times, and counts one that was written at two times twice.
    """
    return _tokens(_totals("claude", {"CLAUDE_CONFIG_DIR": str(claude)}, home))


class CodexCount(NamedTuple):
    """What sessions of Codex used."""

    tokens: Tokens
    """In the four classes; of the input, what was not cached."""

    reasoning: int
    """The part of the output that was thought."""


def ccusage_of_codex(codex: Path, home: Path) -> CodexCount:
    """Return what ccusage counts below `codex`, a folder as `CODEX_HOME` names it."""
    totals = _totals("codex", {"CODEX_HOME": str(codex)}, home)
    return CodexCount(_tokens(totals), totals["reasoningOutputTokens"])


def _totals(agent: str, place: dict[str, str], home: Path) -> dict[str, int]:
    report = subprocess.run(
        [ccusage_program(), agent, "session", "--json", "--offline", "--timezone", "UTC"],
        env={
            "PATH": os.environ["PATH"],  # its launcher is a script for Node
            "HOME": str(home),
            **place,
        },
        capture_output=True,
        check=True,
        timeout=60,
    )
    totals: dict[str, int] = orjson.loads(report.stdout)["totals"]
    return totals


def _tokens(totals: dict[str, int]) -> Tokens:
    return Tokens(
        input=totals["inputTokens"],
        cache_creation=totals["cacheCreationTokens"],
        cache_read=totals["cacheReadTokens"],
        output=totals["outputTokens"],
    )
