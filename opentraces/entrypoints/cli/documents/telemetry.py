"""The receiver of telemetry, and what agents are told of it, as JSON."""

from typing import Any

from opentraces.application.run_receiver import ReceiverRun
from opentraces.application.set_up_telemetry import TelemetrySetUp
from opentraces.application.tell_receiver import ReceiverStatus
from opentraces.entrypoints.cli.documents.setup import change_document
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def status_document(status: ReceiverStatus) -> dict[str, Any]:
    """`capture-otlp status --json`."""
    state = status.state
    return {
        "schema_version": SCHEMA_VERSION,
        "running": state.is_running,
        "port": state.port,
        "requests": state.requests,
        "records": state.records,
        "refused": state.refused,
        "spooled_bytes": status.spooled_bytes,
    }


def run_document(done: ReceiverRun) -> dict[str, Any]:
    """`capture-otlp start --json`, `stop --json` and `restart --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "action": done.wanted.value,
        "was_running": done.was_running,
        "running": done.state.is_running,
        "port": done.state.port,
    }


def set_up_document(set_up: TelemetrySetUp) -> dict[str, Any]:
    """`setup capture-otlp --json`."""
    done, found = set_up.done, set_up.done.found
    return {
        "schema_version": SCHEMA_VERSION,
        "agent": "capture-otlp",
        "removal": done.request.is_removal,
        "dry_run": done.request.is_dry_run,
        "changes": [change_document(change) for change in done.plan.changes],
        "telemetry": {
            "settings": text_of(found.settings),
            "keys": list(found.events),
            "missing": list(found.missing),
            "left": [text_of(each) for each in found.obstacles],
            "is_for_us": found.is_for_us,
            "backup": None if found.backup is None else text_of(found.backup),
            "problem": None if found.problem is None else text_of(found.problem),
            "running": set_up.state.is_running,
            "port": set_up.state.port,
        },
    }
