"""What the receiver's own process is made of: plain functions that import next to nothing.

Nothing that keeps, searches or asks Git is imported: it runs as long as its user is logged in.
"""

import os
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

from opentraces.adapters.filesystem.durable import Folder, replace
from opentraces.adapters.filesystem.locks import Lock
from opentraces.adapters.filesystem.receiver_files import ReceiverFiles
from opentraces.adapters.filesystem.telemetry_spool import FilesystemTelemetrySpool
from opentraces.adapters.otlp import json_form
from opentraces.adapters.otlp.admission import JSON, PROTOBUF
from opentraces.adapters.otlp.server import LOOPBACK, OtlpServer
from opentraces.adapters.worker.memory import give_back_memory
from opentraces.adapters.worker.processes import began
from opentraces.adapters.worker.receiver import LISTENING, REFUSING, Running
from opentraces.domain.errors import Busy, OpentracesError, StorageUnavailable
from opentraces.entrypoints.container.receiver_lock import RECORD, receiver_lock
from opentraces.entrypoints.container.telemetry import BODIES, FOLDER
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.telemetry_spool import TelemetrySpool

__all__ = [
    "first_line",
    "give_back_memory",
    "only_receiver",
    "receiver_server",
    "refusing_line",
    "telemetry_spool",
]

_protobuf = lazy("opentraces.adapters.otlp.protobuf_form:records_in")
"""Imported at the first request in this form: Claude Code's are in the other."""

_PATIENCE_S = 1.0
"""Whoever asks whether a receiver runs takes its lock for a moment."""

_PAUSE_S = 0.02


def only_receiver(settings: Settings) -> Lock:
    """Become the one receiver of the home. Raises Busy: there is one."""
    until = monotonic() + _PATIENCE_S
    while True:
        try:
            return receiver_lock(settings)
        except Busy as error:
            if monotonic() > until:
                raise Busy("a receiver runs already → opentraces capture-otlp status") from error
            sleep(_PAUSE_S)


def telemetry_spool(settings: Settings) -> TelemetrySpool:
    """Make the TelemetrySpool, and the folder that bodies are written to, for its owner alone."""
    _private(settings.spool, BODIES)
    return FilesystemTelemetrySpool(settings.spool, FOLDER)


def receiver_server(settings: Settings, spool: TelemetrySpool) -> OtlpServer:
    """Make the server, and write down where it listens. Raises StorageUnavailable."""
    files = ReceiverFiles(settings.otlp)
    port = files.port()
    forms = {JSON: json_form.records_in, PROTOBUF: _protobuf}
    try:
        server = OtlpServer(port, files.made_token(), forms, spool.add)
    except OSError as error:
        advice = "opentraces setup capture-otlp --port N"
        raise StorageUnavailable(f"{LOOPBACK}:{port}: {error.strerror} → {advice}") from error
    running = Running(os.getpid(), began(os.getpid()), server.port)
    replace(settings.state, RECORD, running.stored())
    return server


def refusing_line(error: OpentracesError | OSError) -> str:
    """Return what is said instead, where nothing is received."""
    return f"{REFUSING}{error}"


def first_line(server: OtlpServer) -> str:
    """Return what whoever started the receiver waits for."""
    return f"{LISTENING} on {LOOPBACK}:{server.port}"


def _private(root: Path, name: str) -> None:
    with closing(Folder(root, name)):
        (root / name).chmod(0o700)
