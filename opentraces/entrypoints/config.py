"""The keys of config.toml: docs/config.md lists them, and a test keeps the two alike."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from opentraces.domain.errors import ConfigInvalid
from opentraces.domain.slotted import frozen_dataclass
from opentraces.entrypoints.configured import Config
from opentraces.entrypoints.pricing import is_price, price_of


@frozen_dataclass
class Key:
    """One key: what it accepts, its default and what it is for, in words and as a check."""

    accepts: str
    holds: Callable[[object], bool]
    default: str
    meaning: str


UNSET = "unset"
"""What stands for the default of a key that has none."""


def _is_folders(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, str) and item.startswith(("/", "~/")) for item in value
    )


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 3600


def _is_days(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 3650


def _is_lifetime(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 36500


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100_000


_OF_MODELS = "prices.MODEL"
"""The key of which there is one for each model."""

_BEFORE_MODEL = "prices."


KEYS: Mapping[str, Key] = {
    "claude_code.config_dirs": Key(
        accepts="a list of folders, each beginning with / or ~/",
        holds=_is_folders,
        default='["~/.claude", "~/.config/claude"]',
        meaning="where Claude Code keeps its `projects` folder; `CLAUDE_CONFIG_DIR` goes before it",
    ),
    "codex_cli.homes": Key(
        accepts="a list of folders, each beginning with / or ~/",
        holds=_is_folders,
        default='["~/.codex"]',
        meaning="where the Codex CLI keeps its `sessions` folder; `CODEX_HOME` goes before it",
    ),
    "gc.grace_days": Key(
        accepts="a whole number of days, 0 to 3650",
        holds=_is_days,
        default="7",
        meaning="how long what nothing needs lies before `bucket gc` removes it",
    ),
    "hermes.homes": Key(
        accepts="a list of folders, each beginning with / or ~/",
        holds=_is_folders,
        default='["~/.hermes"]',
        meaning="where Hermes keeps its `state.db`; `HERMES_HOME` goes before it",
    ),
    "index.wait_seconds": Key(
        accepts="a number of seconds, 0 to 3600",
        holds=_is_seconds,
        default="2.0",
        meaning="how long an index that another process writes to is waited for",
    ),
    "pi.agent_dirs": Key(
        accepts="a list of folders, each beginning with / or ~/",
        holds=_is_folders,
        default='["~/.pi/agent"]',
        meaning="where Pi keeps its `sessions` folder; `PI_CODING_AGENT_DIR` goes before it",
    ),
    _OF_MODELS: Key(
        accepts="a table of US dollars for a million tokens: `input` and `output`, and if need be "
        "`cache_read`, `cache_write_5m`, `cache_write_1h`",
        holds=is_price,
        default=UNSET,
        meaning="what a model costs you, before the table in the package",
    ),
    "query.limit": Key(
        accepts="a whole number, 1 to 100000",
        holds=_is_count,
        default="10",
        meaning="how many traces a query shows when `--limit` does not say",
    ),
    "retention.keep_raw_days": Key(
        accepts="a whole number of days, 1 to 36500",
        holds=_is_lifetime,
        default=UNSET,
        meaning="how long after its end a session's files are kept: `bucket gc` lets older go, "
        "and their traces stay",
    ),
}


def read_config(file: Path) -> Config:
    """Read `file`, or take every default where there is none. Raises ConfigInvalid."""
    said = dict(_checked(file, _load(file)))
    default = Config()
    return Config(
        claude_config_dirs=tuple(said.get("claude_code.config_dirs", default.claude_config_dirs)),
        codex_homes=tuple(said.get("codex_cli.homes", default.codex_homes)),
        hermes_homes=tuple(said.get("hermes.homes", default.hermes_homes)),
        pi_agent_dirs=tuple(said.get("pi.agent_dirs", default.pi_agent_dirs)),
        gc_grace_days=said.get("gc.grace_days", default.gc_grace_days),
        index_wait_seconds=float(said.get("index.wait_seconds", default.index_wait_seconds)),
        query_limit=said.get("query.limit", default.query_limit),
        keep_raw_days=said.get("retention.keep_raw_days", default.keep_raw_days),
        prices={
            name.removeprefix(_BEFORE_MODEL): price_of(value)
            for name, value in said.items()
            if name.startswith(_BEFORE_MODEL)
        },
    )


def _load(file: Path) -> dict[str, Any]:
    try:
        if file.exists() and not file.is_file():
            raise ConfigInvalid(f"{file} is no regular file → move it away")
        return tomllib.loads(file.read_bytes().decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigInvalid(f"{file}: {error}") from error


def _checked(file: Path, tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in _flat(tables):
        key = KEYS.get(_OF_MODELS if name.startswith(_BEFORE_MODEL) else name)
        if key is None:
            raise ConfigInvalid(f"{file}: no key is called {name}; there are {', '.join(KEYS)}")
        if not key.holds(value):
            raise ConfigInvalid(f"{file}: {name} accepts {key.accepts}")
        yield name, value


def _flat(tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield `table.key` and its value; what stands outside a table, under its own name."""
    for table, values in tables.items():
        if not isinstance(values, dict):
            yield table, values
            continue
        for key, value in values.items():
            yield f"{table}.{key}", value
