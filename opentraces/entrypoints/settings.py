"""Where things are and how they are set. Only this module and the hooks read the environment."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from opentraces.entrypoints.configured import Config
from opentraces.entrypoints.lazy import lazy

_read_config = lazy("opentraces.entrypoints.config:read_config")
"""Imported where there is a config.toml: its parser takes longer than all the rest here."""

_FOR_GIT = (
    *("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL"),
    *("GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
)

_FOR_WORKERS = (
    *("HOME", "PATH", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER", "LOGNAME"),
    *("CLAUDE_CONFIG_DIR", "CODEX_HOME"),
    "HERMES_HOME",
    *("PI_CODING_AGENT_DIR", "PI_CODING_AGENT_SESSION_DIR"),
)


class Settings(NamedTuple):
    """Resolved, absolute, immutable. A named tuple: every command that starts makes the class."""

    home: Path
    """The folder of all that we keep: OPENTRACES_HOME, or ~/.opentraces."""

    claude_config_dirs: tuple[Path, ...]
    """The folders of Claude Code that exist, each once, in the order they were named."""

    claude_config_dir: Path
    """The folder of Claude Code that is set up: the first that exists, else the first named."""

    codex_homes: tuple[Path, ...]
    """The folders of the Codex CLI that exist, each once, in the order they were named."""

    codex_home: Path
    """The folder of the Codex CLI that is set up: the first that exists, else the first named."""

    hermes_homes: tuple[Path, ...]
    """The folders of Hermes that exist, each once, in the order they were named."""

    pi_agent_dir: Path
    """The folder of Pi that is set up: the first that exists, else the first named."""

    pi_session_dirs: tuple[Path, ...]
    """The folders with sessions of Pi that exist, each once, in the order they were named."""

    user: Path
    """The user's home folder."""

    search_path: str
    """Folders of programs, as PATH has them."""

    passing: Path
    """The folder for what goes again before a command ends: TMPDIR, or /tmp."""

    worker_environment: Mapping[str, str] = MappingProxyType({})
    """All that a worker is told by its environment: it goes on when whoever started it is gone,
    and needs none of its keys."""

    git_environment: Mapping[str, str] = MappingProxyType({})
    """What of the environment says where the user's settings of Git are."""

    units: Path = Path("~/.config/systemd/user")
    """The folder of what systemd runs for the user."""

    index_wait_seconds: float = 2.0
    """How long an index that another process writes to is waited for."""

    query_limit: int = 10
    """How many traces a query shows when it is not told."""

    gc_grace_days: int = 7
    """How long what nothing needs lies before it is removed."""

    keep_raw_days: int | None = None
    """For how many days after its end a session's bytes are kept. None: for ever."""

    prices: Mapping[str, Mapping[str, float]] = MappingProxyType({})
    """What models cost the user, by name: US dollars for a million tokens, by their class."""

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read the environment, then config.toml in the home folder. Raises ConfigInvalid."""
        user = Path(env.get("HOME") or Path.home()).absolute()
        home = _folder(env.get("OPENTRACES_HOME") or "~/.opentraces", user)
        file = home / "config.toml"
        config: Config = _read_config(file) if os.path.lexists(file) else Config()
        said = [name.strip() for name in env.get("CLAUDE_CONFIG_DIR", "").split(",")]
        claude = [*filter(None, said)] or config.claude_config_dirs
        codex = [env["CODEX_HOME"]] if env.get("CODEX_HOME") else config.codex_homes
        hermes = [env["HERMES_HOME"]] if env.get("HERMES_HOME") else config.hermes_homes
        pi = (
            [env["PI_CODING_AGENT_DIR"]] if env.get("PI_CODING_AGENT_DIR") else config.pi_agent_dirs
        )
        pi_apart = filter(None, (env.get("PI_CODING_AGENT_SESSION_DIR"),))
        return cls(
            home=home,
            user=user,
            search_path=env.get("PATH", ""),
            passing=_folder(env.get("TMPDIR") or "/tmp", user),  # noqa: S108
            worker_environment={
                **{name: env[name] for name in _FOR_WORKERS if name in env},
                "OPENTRACES_HOME": str(home),
            },
            git_environment={name: env[name] for name in _FOR_GIT if name in env},
            claude_config_dirs=_existing(claude, user),
            claude_config_dir=_first(claude, user, ".claude"),
            codex_homes=_existing(codex, user),
            codex_home=_first(codex, user, ".codex"),
            hermes_homes=_existing(hermes, user),
            pi_agent_dir=_first(pi, user, ".pi/agent"),
            units=_folder(env.get("XDG_CONFIG_HOME") or "~/.config", user) / "systemd" / "user",
            pi_session_dirs=_existing((*(f"{folder}/sessions" for folder in pi), *pi_apart), user),
            index_wait_seconds=config.index_wait_seconds,
            query_limit=config.query_limit,
            gc_grace_days=config.gc_grace_days,
            keep_raw_days=config.keep_raw_days,
            prices=dict(config.prices),
        )

    @property
    def bucket(self) -> Path:
        """What is kept."""
        return self.home / "bucket"

    @property
    def index_folder(self) -> Path:
        """What can be found; derived from the bucket."""
        return self.home / "index"

    @property
    def work_log(self) -> Path:
        """What workers say of what they did."""
        return self.state / "ingest.log"

    @property
    def spool(self) -> Path:
        """What hooks wrote down and nobody has kept yet."""
        return self.home / "spool"

    @property
    def otlp(self) -> Path:
        """Where the receiver listens, and the token that it asks for."""
        return self.home / "otlp"

    @property
    def otlp_log(self) -> Path:
        """What the receiver says of what went wrong."""
        return self.state / "otlp.log"

    @property
    def resumed(self) -> Path:
        """Sessions that were gone on with, in a folder as Claude Code has, and their worktrees."""
        return self.home / "resumed"

    @property
    def state(self) -> Path:
        """Cursors, locks and markers; losing them costs time, never a trace."""
        return self.home / "state"


def _folder(name: str, user: Path) -> Path:
    """Put `user`, the user's home folder, in the place of a leading `~`."""
    return user / name[2:] if name.split("/")[0] == "~" else Path(name).absolute()


def _existing(names: Iterable[str], user: Path) -> tuple[Path, ...]:
    """Return the folders that exist; of two names of one folder, the first."""
    found: dict[Path, Path] = {}
    for folder in (_folder(name, user) for name in names):
        if folder.is_dir():
            found.setdefault(folder.resolve(), folder)
    return tuple(found.values())


def _first(names: Sequence[str], user: Path, usual: str) -> Path:
    """Return the first folder that exists, else the first that is named, else the usual one."""
    named = (_folder(name, user) for name in names)
    return next(iter((*_existing(names, user), *named)), user / usual)
