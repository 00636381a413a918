"""What is kept of a session of Pi, as tests ask for it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opentraces_schema import TraceRecord  # type: ignore[import-untyped]

from benchmarks.corpus.tokens import Tokens
from tests.agents.rig.pi import PRICES
from tests.agents.rig.told import Told


class PiTold(Told):
    """A kept record of a session of Pi."""

    @property
    def prompts(self) -> list[str]:
        """What was typed on the active branch, in order."""
        return contents(self._steps("user"))

    @property
    def answers(self) -> list[str]:
        """What the model said on the active branch, in order."""
        return contents(self._steps("agent"))

    @property
    def tools(self) -> list[str]:
        """The tools that were called on the active branch, in order."""
        return [call["tool_name"] for call in self._calls()]

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """What each call was given, by its id."""
        return {call["tool_call_id"]: call["input"] for call in self._calls()}

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """What came of each call, by its id."""
        seen = (each for step in self.record["steps"] for each in step["observations"])
        return {each["source_call_id"]: each for each in seen}

    @property
    def took_ms(self) -> list[int | None]:
        """How long each call took, in order. None: nobody said."""
        return [call["duration_ms"] for call in self._calls()]

    @property
    def thoughts(self) -> list[str]:
        """What the model thought, in order."""
        return [said for step in self._steps("agent") if (said := step["reasoning_content"])]

    @property
    def branches(self) -> Mapping[str, Any]:
        """What is said of branches that are not the active one."""
        branches: Mapping[str, Any] = self.record["metadata"]["pi"]["branches"]
        return branches

    @property
    def costs(self) -> tuple[float, float]:
        """What the active branch cost, and what was spent in all, in US dollars."""
        spent = self.record["metadata"]["pi"]["spent"]["cost_usd"]
        return self.record["metrics"]["estimated_cost_usd"], spent

    @property
    def limitations(self) -> list[str]:
        """What the record cannot say."""
        return list(self.record["metadata"].get("limitations", ()))

    @property
    def capture_method(self) -> str | None:
        """How it is known what the model saw. None: the extension told nothing."""
        method: str | None = self.record["metadata"].get("hooks", {}).get("capture_method")
        return method

    def _steps(self, role: str) -> Sequence[Mapping[str, Any]]:
        return [step for step in self.record["steps"] if step["role"] == role]

    def _calls(self) -> Iterable[Mapping[str, Any]]:
        return (call for step in self.record["steps"] for call in step["tool_calls"])


def contents(steps: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the words of steps."""
    return [step["content"] or "" for step in steps]


def assert_is_whole(record: Mapping[str, Any]) -> None:
    """Fail when a record is not of the public schema, or a line of its source was not known."""
    assert TraceRecord.model_validate(record).model_dump(mode="json") == record
    assert record["agent"]["name"] == "pi"
    lines = record["metadata"]["lines"]
    assert lines["unknown"] == lines["bad"] == 0, lines
    assert record["metadata"].get("hooks", {}).get("bad_lines", 0) == 0


def dollars(answers: Iterable[Tokens]) -> float:
    """Return what answers cost by the prices that the client was told."""
    millionths = sum(
        each.input * PRICES["input"]
        + each.output * PRICES["output"]
        + each.cache_read * PRICES["cacheRead"]
        + each.cache_creation * PRICES["cacheWrite"]
        for each in answers
    )
    return round(millionths / 1_000_000, 9)
