"""What can be set in config.toml, and what holds where nothing is set."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

Dollars = Mapping[str, float]
"""US dollars for a million tokens, by their class."""


class Config(NamedTuple):
    """What config.toml says, with the default of each key it does not name."""

    claude_config_dirs: tuple[str, ...] = ("~/.claude", "~/.config/claude")
    """As written, so `~` may stand for the home folder."""

    codex_homes: tuple[str, ...] = ("~/.codex",)
    """As written, too."""

    hermes_homes: tuple[str, ...] = ("~/.hermes",)
    """As written, too."""

    pi_agent_dirs: tuple[str, ...] = ("~/.pi/agent",)
    """As written, too."""

    gc_grace_days: int = 7
    """How long what nothing needs lies before `bucket gc` removes it."""

    keep_raw_days: int | None = None
    """For how many days after its end a session's bytes are kept. None: for ever."""

    index_wait_seconds: float = 2.0
    """How long an index that another process writes to is waited for."""

    query_limit: int = 10
    """How many traces a query shows when `--limit` does not say."""

    prices: Mapping[str, Dollars] = MappingProxyType({})
    """What models cost the user, by name; every class of tokens is named."""
