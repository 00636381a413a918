"""The real Pi, in a home of its own, on a model that answers from a script."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from opentraces.adapters.hooks_file.package_setup import PackageManager
from tests.agents.rig.running import Ended, Running, started

PRICES = {"input": 3, "output": 15, "cacheRead": 0.3, "cacheWrite": 3.75}
"""Of a million tokens, in US dollars."""

_SETTINGS = {
    "defaultProvider": "scripted",
    "defaultModel": "scripted-1",
    "defaultThinkingLevel": "medium",
    "enableInstallTelemetry": False,
    "compaction": {"enabled": True, "reserveTokens": 16384, "keepRecentTokens": 40},
    "retry": {"enabled": True, "maxRetries": 3, "baseDelayMs": 50},
}


@dataclass(frozen=True)
class Pi:
    """One user's client."""

    program: Path
    node: Path | None
    """The folder of the Node.js that it runs on. None: the machine's own."""

    user: Path

    extra: Mapping[str, str] = field(default_factory=dict)
    """What its environment holds beside the usual."""

    @property
    def agent(self) -> Path:
        """Its folder."""
        return self.user / ".pi" / "agent"

    @property
    def search_path(self) -> str:
        """What finds it, and the Node.js that it runs on."""
        folders = [self.program.parent, *([self.node] if self.node else [])]
        return os.pathsep.join([*map(str, folders), os.environ["PATH"]])

    @property
    def environment(self) -> dict[str, str]:
        """All that it is told."""
        said = {"PI_OFFLINE": "1", "PI_TELEMETRY": "0", "TERM": "dumb", "LANG": "C.UTF-8"}
        return {**said, "HOME": str(self.user), "PATH": self.search_path, **self.extra}

    def configure(self, address: str) -> None:
        """Let it ask the model at an address, and nothing else."""
        self.agent.mkdir(parents=True, exist_ok=True)
        model = {
            "id": "scripted-1",
            "name": "Scripted",
            "reasoning": True,
            "input": ["text", "image"],
            "contextWindow": 200_000,
            "maxTokens": 32_000,
            "cost": PRICES,
        }
        provider = {
            "baseUrl": address,
            "api": "anthropic-messages",
            "apiKey": "none",
            "models": [model],
        }
        models = {"providers": {"scripted": provider}}
        (self.agent / "models.json").write_text(json.dumps(models))
        (self.agent / "settings.json").write_text(json.dumps(_SETTINGS))

    @contextmanager
    def started(self, folder: Path, *arguments: str) -> Iterator[Running]:
        """Start it in a folder, without a terminal."""
        with started((str(self.program), *arguments), folder, self.environment) as running:
            yield running

    def run(self, folder: Path, *arguments: str) -> Ended:
        """Let it do what its arguments say, to whatever end."""
        with self.started(folder, *arguments) as running:
            return running.wait()

    def sessions(self) -> dict[str, Path]:
        """Return every session that it left, by id."""
        found = self.agent.glob("sessions/*/*.jsonl")
        return {path.stem.rpartition("_")[2]: path for path in found}


class Listing(PackageManager):
    """The client's list of packages, changed without the client, which takes its time to start."""

    def __init__(self, pi: Pi) -> None:
        """Change the list of one user."""
        self._agent = pi.agent

    def is_there(self) -> bool:
        """See PackageManager."""
        return True

    def install(self, package: str) -> None:
        """See PackageManager."""
        self._put([*self._others(package), self._listed(package)])

    def remove(self, package: str) -> None:
        """See PackageManager."""
        self._put(self._others(package))

    def _others(self, package: str) -> list[str]:
        settings = json.loads((self._agent / "settings.json").read_bytes())
        return [each for each in settings.get("packages", []) if each != self._listed(package)]

    def _listed(self, package: str) -> str:
        return os.path.relpath(package, self._agent)

    def _put(self, packages: list[str]) -> None:
        path = self._agent / "settings.json"
        settings = json.loads(path.read_bytes())
        path.write_text(json.dumps({**settings, "packages": packages}, indent=2))
