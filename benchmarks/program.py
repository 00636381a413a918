"""The installed `opentraces`, driven through its command line and its JSON alone."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.corpus.tokens import Tokens
from benchmarks.processes import Finished, run

_ALL = "1000000"


@dataclass(frozen=True)
class Program:
    """opentraces with a home of its own, looking at one Claude Code configuration folder."""

    home: Path
    """A scratch folder: HOME, and everything the program writes, is in it."""

    claude: Path
    """What `CLAUDE_CONFIG_DIR` names: the folder with `projects`."""

    @property
    def store(self) -> Path:
        """What `OPENTRACES_HOME` names."""
        return self.home / "opentraces"

    @property
    def environment(self) -> Mapping[str, str]:
        """Everything the program is told by its environment."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "OPENTRACES_HOME": str(self.store),
            "CLAUDE_CONFIG_DIR": str(self.claude),
        }

    def run(self, *arguments: str) -> Finished:
        """Run one command; see `processes.run`."""
        self.home.mkdir(parents=True, exist_ok=True)
        return run((*command(), *arguments), self.environment)

    def json(self, *arguments: str) -> dict[str, Any]:
        """Run one command with `--json` and read its answer."""
        answer: dict[str, Any] = orjson.loads(self.run(*arguments, "--json").stdout)
        return answer

    def sessions_with(self, query: str) -> set[str]:
        """Return the ids of the sessions that hold what `query` asks for."""
        hits = self.json("trace", "query", query, "--limit", _ALL)["hits"]
        return {hit["session_id"] for hit in hits}

    def trace_ids(self) -> list[str]:
        """Return the id of every kept trace."""
        hits = self.json("trace", "query", "--limit", _ALL)["hits"]
        return [hit["trace_id"] for hit in hits]

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield every kept TraceRecord, each read by a process of its own."""
        for trace_id in self.trace_ids():
            yield self.json("trace", "get", trace_id)


def command() -> tuple[str, ...]:
    """Return the command beside this interpreter, or the module when it is not installed."""
    script = Path(sys.executable).with_name("opentraces")
    return (str(script),) if script.exists() else (sys.executable, "-m", "opentraces")


def tokens_of(record: Mapping[str, Any]) -> Tokens:
    """Return what a TraceRecord says its own responses used."""
    metrics = record["metrics"]
    return Tokens(
        input=metrics["total_input_tokens"],
        cache_creation=metrics["total_cache_creation_tokens"],
        cache_read=metrics["total_cache_read_tokens"],
        output=metrics["total_output_tokens"],
    )
