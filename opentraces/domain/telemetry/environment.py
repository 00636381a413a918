"""What Claude Code is told by its environment so that it tells our receiver what it does.

A key that its user set stays as it is. Ours are known by their values, and only where a token or a
folder of ours stands beside them: `1` alone is anybody's.
"""

import re
from collections.abc import Iterable, Mapping

MARK = "opentraces-"
"""Begins every token of ours."""

TOKEN = re.compile(rf"{MARK}[0-9a-f]{{16,}}")
"""A token of ours, in whatever text."""

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
HEADERS = "OTEL_EXPORTER_OTLP_HEADERS"
PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL"
BODIES = "OTEL_LOG_RAW_API_BODIES"

_CONSTANT = {
    "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
    "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA": "1",
    "OTEL_LOGS_EXPORTER": "otlp",
    "OTEL_METRICS_EXPORTER": "otlp",
    "OTEL_TRACES_EXPORTER": "otlp",
    PROTOCOL: "http/json",
    "OTEL_LOGS_EXPORT_INTERVAL": "1000",
    "OTEL_METRIC_EXPORT_INTERVAL": "10000",
    "OTEL_TRACES_EXPORT_INTERVAL": "1000",
    "OTEL_LOG_USER_PROMPTS": "1",
    "OTEL_LOG_TOOL_DETAILS": "1",
    "OTEL_LOG_TOOL_CONTENT": "1",
}
"""Those that are the same on every machine."""

_FORMS = {
    ENDPOINT: re.compile(r"http://127\.0\.0\.1:\d+"),
    # Not as OpenTelemetry says, with %20: Claude Code sends the value as it stands.
    HEADERS: re.compile(rf"Authorization=Bearer {TOKEN.pattern}"),
    BODIES: re.compile(r"file:/.*/spool/bodies"),
}
_TELLING = (HEADERS, BODIES)
"""Those whose values no one else writes."""

_PLACES = tuple(
    f"OTEL_EXPORTER_OTLP_{signal}{what}"
    for signal in ("", "LOGS_", "METRICS_", "TRACES_")
    for what in ("ENDPOINT", "HEADERS")
)
_SPOKEN = ("http/json", "http/protobuf")
"""The protocols that our receiver takes."""


def wanted_environment(port: int, token: str, bodies: str) -> dict[str, str]:
    """Return all that is to be told; `bodies`: the folder for what is sent and answered."""
    return {
        **_CONSTANT,
        ENDPOINT: f"http://127.0.0.1:{port}",
        HEADERS: f"Authorization=Bearer {token}",
        BODIES: f"file:{bodies}",
    }


def our_keys(environment: Mapping[str, object], before: Iterable[str] = ()) -> frozenset[str]:
    """Return which keys are ours; `before`: those that were there before anything of ours."""
    if not any(_is_of_form(key, environment.get(key)) for key in _TELLING):
        return frozenset()
    found = {key for key, value in environment.items() if _is_of_form(key, value)}
    return frozenset(found - {*before})


def goes_elsewhere(environment: Mapping[str, object], ours: frozenset[str]) -> tuple[str, ...]:
    """Return the keys by which a user sends telemetry to another receiver.

    With one of them, nothing more may be told: what is told would leave for there.
    """
    others = [key for key in _PLACES if key in environment and key not in ours]
    if environment.get(PROTOCOL, _SPOKEN[0]) not in _SPOKEN:
        others.append(PROTOCOL)
    return tuple(others)


def may_be_told(
    wanted: Mapping[str, str], environment: Mapping[str, object], ours: frozenset[str]
) -> dict[str, str]:
    """Return what of `wanted` no word of the user's speaks against, in its order."""
    elsewhere = goes_elsewhere(environment, ours)
    return {
        key: value
        for key, value in wanted.items()
        if (key not in environment or key in ours) and (key == BODIES or not elsewhere)
    }


def _is_of_form(key: str, value: object) -> bool:
    if not isinstance(value, str):
        return False
    form = _FORMS.get(key)
    return bool(form.fullmatch(value)) if form else _CONSTANT.get(key) == value
