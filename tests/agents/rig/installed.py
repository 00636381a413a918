"""Where `make test-agents` put the programs of others."""

import os
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parents[3] / ".agents"
MODULES = CLIENTS / "node_modules"


def ccusage_program() -> Path:
    """Return the path of ccusage, or end the test that needs it."""
    return _first(".bin/ccusage")


def claude_code_program() -> Path:
    """Return the path of the native Claude Code, or end the test that needs it."""
    return _first("@anthropic-ai/claude-code-*/claude")


def codex_program() -> Path:
    """Return the path of Codex, or end the test that needs it."""
    return _first(".bin/codex")


def pi_program() -> tuple[Path, Path]:
    """Return the path of Pi and the folder of its Node.js, or end the test that needs them."""
    modules = CLIENTS / "pi" / "node_modules"
    node = _first("node-linux-*/bin/node", modules)
    return _first(".bin/pi", modules), node.parent


def pi_before_program() -> Path:
    """Return the path of Pi as it was under its former name, or end the test that needs it."""
    return _first(".bin/pi", CLIENTS / "pi-before" / "node_modules")


def _first(pattern: str, modules: Path = MODULES) -> Path:
    for path in sorted(modules.glob(pattern)):
        return path
    reason = f"no {pattern} in {modules}: run `make test-agents`"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
