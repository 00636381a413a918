"""Where `make test-agents` put the programs of others."""

import os
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[3] / ".agents" / "node_modules"


def ccusage_program() -> Path:
    """Return the path of ccusage, or end the test that needs it."""
    return _first(".bin/ccusage")


def claude_code_program() -> Path:
    """Return the path of the native Claude Code, or end the test that needs it."""
    return _first("@anthropic-ai/claude-code-*/claude")


def codex_program() -> Path:
    """Return the path of Codex, or end the test that needs it."""
    return _first(".bin/codex")


def _first(pattern: str) -> Path:
    for path in sorted(MODULES.glob(pattern)):
        return path
    reason = f"no {pattern} in {MODULES}: run `make test-agents`"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
