"""Receive telemetry until somebody says that it is enough."""

import os
import signal
import sys
from contextlib import closing
from threading import Event, Thread
from types import FrameType

from opentraces.domain.errors import OpentracesError, StorageUnavailable
from opentraces.entrypoints.cli.exit_codes import BAD_REQUEST, DONE, UNAVAILABLE
from opentraces.entrypoints.container.receiver_parts import (
    first_line,
    give_back_memory,
    only_receiver,
    receiver_server,
    refusing_line,
    telemetry_spool,
)
from opentraces.entrypoints.settings import Settings
from opentraces.ports.telemetry_spool import TelemetrySpool

_PRIVATE = 0o077
_SYNC_S = 0.5
"""How often what came is made durable: with what a disk takes for it, each second."""


def main() -> int:
    """Be the receiver of the home; returns what the process ends with.

    The first line on stdout says that it listens, or why it does not; later ones go to stderr.
    """
    os.umask(_PRIVATE)
    give_back_memory()
    ended = Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        settings = Settings.from_environment()
        with closing(only_receiver(settings)):
            _receive(settings, ended)
    except (OpentracesError, OSError) as error:
        _say(refusing_line(error))
        return UNAVAILABLE if isinstance(error, StorageUnavailable | OSError) else BAD_REQUEST
    return DONE


def _receive(settings: Settings, ended: Event) -> None:
    spool = telemetry_spool(settings)
    with receiver_server(settings, spool) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        _say(first_line(server))
        while not ended.wait(_SYNC_S):
            _sync(spool)
        server.shutdown()
    _sync(spool)


def _say(line: str) -> None:
    """Say the first thing, and let whoever waited for it go."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    os.dup2(2, 1)


def _sync(spool: TelemetrySpool) -> None:
    try:
        spool.sync()
    except OpentracesError as error:
        sys.stderr.write(f"opentraces: {error}\n")
        sys.stderr.flush()
