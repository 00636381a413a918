"""How the receiver of telemetry is wired: plain functions that import no models."""

import sys
from functools import partial

from opentraces.adapters.filesystem.receiver_files import ReceiverFiles
from opentraces.adapters.worker.receiver import ReceiverProcess, run_here
from opentraces.application.run_receiver import RunReceiver
from opentraces.application.set_up_agent import SetUpAgent
from opentraces.application.set_up_telemetry import SetUpTelemetry
from opentraces.application.tell_receiver import TellReceiver
from opentraces.domain.session import Agent
from opentraces.entrypoints.container.receiver_lock import RECORD, is_held
from opentraces.entrypoints.container.telemetry import telemetry_events
from opentraces.entrypoints.container.telemetry_setup import telemetry_setup
from opentraces.entrypoints.settings import Settings


def receiver_command() -> tuple[str, ...]:
    """Return what runs a receiver, in the foreground; nothing of the folder it is run in counts."""
    return (sys.executable, "-P", "-m", "opentraces.entrypoints.otlp")


def receiver(settings: Settings) -> ReceiverProcess:
    """Make the Receiver."""
    files = ReceiverFiles(settings.otlp)
    return ReceiverProcess(
        record=settings.state / RECORD,
        log=settings.otlp_log,
        command=receiver_command(),
        environment=settings.worker_environment,
        is_held=partial(is_held, settings),
        told=lambda: (files.port(), files.token() or ""),
    )


def run_receiver(settings: Settings) -> RunReceiver:
    """Make the use case that starts and ends it."""
    return RunReceiver(receiver(settings))


def tell_receiver(settings: Settings) -> TellReceiver:
    """Make the use case that says how it stands."""
    return TellReceiver(receiver(settings), telemetry_events(settings, Agent.CLAUDE_CODE))


def set_up_telemetry(settings: Settings, port: int | None, *, has_unit: bool) -> SetUpTelemetry:
    """Make the use case that lets Claude Code tell it what it does."""
    setup = telemetry_setup(settings, port, has_unit=has_unit)
    return SetUpTelemetry(SetUpAgent(setup), receiver(settings))


def receive_here(settings: Settings) -> None:
    """Let this process become the receiver; does not return."""
    run_here(receiver_command(), settings.worker_environment)
