"""What the database says of a session as a whole: tokens, costs, where and what it ran."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from opentraces.adapters._reading.values import inner, mapping, name, objects, text, whole
from opentraces.adapters.hermes.naming import NOTE, PLAIN

_AS_THEY_ARE = (
    *("source", "parent_session_id", "end_reason", "profile_name", "billing_provider"),
    *("cost_status", "cost_source", "git_repo_root", "platform"),
)
_COUNTED = ("message_count", "tool_call_count", "api_call_count", "rewind_count", "archived")
_TOKENS = (
    *("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"),
    "reasoning_tokens",
)
_COSTS = ("estimated_cost_usd", "actual_cost_usd")
_CHILD = "_delegate_from"


class SessionNote:
    """The note that was kept beside the lines; of trajectories there is none."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._row = mapping(said.get("session"))
        self._usage = objects(said.get("session_model_usage"))
        self._schema = objects(said.get("schema_version"))
        is_child = type(mapping(inner(self._row.get("model_config"))).get(_CHILD)) is str
        self.call_type = "subagent" if is_child else "main"
        self.agent_role = "subagent" if is_child else "main"

    @property
    def model(self) -> str | None:
        """The model of every answer. None: there were several, or it is not said."""
        named = [*self.models]
        return named[0] if len(named) == 1 else None

    @property
    def models(self) -> dict[str, None]:
        """The models of the session's own work, in the order they were used first."""
        own = [row for row in self._usage if not text(row.get("task"))]
        own.sort(key=lambda row: _real(row.get("first_seen")) or 0.0)
        said = [name(row.get("model")) for row in own] or [name(self._row.get("model"))]
        return {model: None for model in said if model}

    @property
    def tokens(self) -> list[int] | None:
        """What all answers together cost, in classes. None: nothing is said of it."""
        said = [whole(self._row.get(key)) for key in _TOKENS[:4]]
        return [number or 0 for number in said] if any(said) else None

    @property
    def cost_usd(self) -> float | None:
        """What they cost in US dollars: what was billed, else what Hermes worked out.

        None: neither is said; 0 says no more than that.
        """
        costs = (_real(self._row.get(key)) for key in ("actual_cost_usd", "estimated_cost_usd"))
        return next((cost for cost in costs if cost is not None and cost > 0), None)

    def facts(self) -> dict[str, Any]:
        """Return what it adds to the facts of the source."""
        if not self._row:
            return {}
        title, row = text(self._row.get("title")), self._row
        is_given = row.get("title_source") == "user"
        began, ended = epoch(row.get("started_at")), epoch(row.get("ended_at"))
        folder, branch = name(row.get("cwd")), name(row.get("git_branch"))
        facts: dict[str, Any] = {
            "given_title": title[:500] if title and is_given else None,
            "agent_title": title[:500] if title and not is_given else None,
            "folders": (folder,) if folder else (),
            "branches": (branch,) if branch else (),
            "models": tuple(self.models),
            "native": self._native(),
            "limitations": ("usage_per_session",) if self.tokens else (),
        }
        if name(row.get("git_repo_root")) or branch:
            facts["surroundings"] = {"is_repository": True}
        return facts | ({"started": began} if began else {}) | ({"ended": ended} if ended else {})

    def _native(self) -> dict[str, Any]:
        row = self._row
        said: dict[str, Any] = {key: name(row.get(key)) for key in _AS_THEY_ARE}
        said |= {key: whole(row.get(key)) or None for key in _COUNTED}
        said["schema_version"] = next((whole(each.get("version")) for each in self._schema), None)
        said["usage"] = _usage(row)
        said["models"] = [
            {key: value for key, value in _of_model(each).items() if value}
            for each in self._usage[:200]
        ]
        return {key: value for key, value in said.items() if value}


def note_of(source: str, notes: Mapping[str, bytes]) -> SessionNote:
    """Return the note that belongs to a source, by its name."""
    said = notes.get(source.removesuffix(PLAIN) + NOTE)
    return SessionNote(mapping(inner(said.decode("utf-8", "replace")) if said else None))


def epoch(value: Any) -> str | None:
    """Return seconds since 1970 as ISO 8601 in UTC. None: they are none, or no time."""
    seconds = _real(value)
    if seconds is None or not 0 < seconds < 2**36:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _usage(row: dict[str, Any]) -> dict[str, Any]:
    tokens = {key: whole(row.get(key)) or None for key in _TOKENS}
    costs = {key: _real(row.get(key)) for key in _COSTS}
    return {key: value for key, value in (tokens | costs).items() if value is not None}


def _of_model(row: dict[str, Any]) -> dict[str, Any]:
    """Return what one model cost; there a cost of 0 says no more than that none is known."""
    return {"model": name(row.get("model")), "task": name(row.get("task")), **_usage(row)}


def _real(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) and abs(value) < 2**60 else None
