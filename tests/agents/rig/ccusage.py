"""ccusage: another program's count of the same sessions."""

import os
import subprocess
from pathlib import Path

import orjson

from benchmarks.corpus.tokens import Tokens
from tests.agents.rig.installed import ccusage_program


def ccusage_tokens(claude: Path, home: Path) -> Tokens:
    """Return what ccusage counts below `claude`, a Claude Code configuration folder.

    By session and not by day: its daily report tells responses without a request id apart by
    their times, and counts one that was written at two times twice.
    """
    environment = {
        "PATH": os.environ["PATH"],  # its launcher is a script for Node
        "HOME": str(home),
        "CLAUDE_CONFIG_DIR": str(claude),
    }
    report = subprocess.run(
        [ccusage_program(), "claude", "session", "--json", "--offline", "--timezone", "UTC"],
        env=environment,
        capture_output=True,
        check=True,
        timeout=60,
    )
    totals = orjson.loads(report.stdout)["totals"]
    return Tokens(
        input=totals["inputTokens"],
        cache_creation=totals["cacheCreationTokens"],
        cache_read=totals["cacheReadTokens"],
        output=totals["outputTokens"],
    )
