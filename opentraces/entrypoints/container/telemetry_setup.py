"""How the setup of telemetry is wired; imports no models."""

import sys
from functools import partial

from opentraces.adapters.claude_code.setup import HOOKS
from opentraces.adapters.filesystem.receiver_files import PORT, TOKEN, ReceiverFiles, new_token
from opentraces.adapters.hooks_file.environment_setup import EnvironmentSetup, Wanted
from opentraces.domain.telemetry.environment import wanted_environment
from opentraces.entrypoints.container.telemetry import BODIES
from opentraces.entrypoints.settings import Settings

UNIT = "opentraces-otlp.service"
"""The name under which systemd knows the receiver."""

_UNIT = """\
[Unit]
Description=opentraces: receive what coding agents tell over OTLP, on loopback

[Service]
Environment={home}
ExecStart={python} -P -m opentraces.entrypoints.otlp
Restart=on-failure
RestartSec=5
MemoryMax=200M
NoNewPrivileges=true

[Install]
WantedBy=default.target
"""


def telemetry_setup(
    settings: Settings, port: int | None = None, *, has_unit: bool = False
) -> EnvironmentSetup:
    """Make the AgentSetup of what Claude Code tells over OTLP.

    `port`: None: as it was chosen before. `has_unit`: systemd is to run the receiver.
    """
    return EnvironmentSetup(
        settings.claude_config_dir,
        HOOKS.settings,
        HOOKS.backup,
        partial(_wanted, settings, port, has_unit, _token(settings)),
    )


def _token(settings: Settings) -> str:
    return ReceiverFiles(settings.otlp).token() or new_token()


def _wanted(settings: Settings, port: int | None, has_unit: bool, token: str) -> Wanted:
    chosen = port or ReceiverFiles(settings.otlp).port()
    unit = settings.units / UNIT
    ours = {
        settings.otlp / TOKEN: f"{token}\n".encode(),
        settings.otlp / PORT: f"{chosen}\n".encode(),
    }
    return Wanted(
        environment=wanted_environment(chosen, token, str(settings.spool / BODIES)),
        files=ours | ({unit: _unit_text(settings)} if has_unit else {}),
        removed=(*ours, unit),
    )


def _unit_text(settings: Settings) -> bytes:
    home = _systemd(f"OPENTRACES_HOME={settings.home}")
    return _UNIT.format(home=home, python=_systemd(sys.executable)).encode()


def _systemd(text: str) -> str:
    """Return a word as systemd reads it back."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
