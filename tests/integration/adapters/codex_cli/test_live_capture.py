"""What Codex's hook wrote into a repository becomes a source of the session's own trace."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import opentraces
from opentraces.adapters.codex_cli.naming import thread_of
from opentraces.adapters.codex_cli.setup import HOOKS
from opentraces.adapters.filesystem.trace_ids import FilesystemKeptTraces
from opentraces.application.ingest_events import Ingested
from opentraces.domain.address import Address
from opentraces.domain.ids import SessionId
from opentraces.domain.session import SourceKind
from opentraces.entrypoints.container import keeping_events, reading
from opentraces.entrypoints.settings import Settings
from tests.integration.adapters.codex_cli.fixtures import DATA, ROLLOUTS

SCRIPT = Path(opentraces.__path__[0], "entrypoints", "hooks", HOOKS.script)
SESSION = SessionId("01a206c1-7c5e-7b13-bf9d-4bc85da526ae")
OTHER = SessionId("01a206c1-0000-7b13-bf9d-4bc85da526ae")


@dataclass(frozen=True)
class User:
    """A user of Codex with one enrolled repository."""

    settings: Settings
    repository: Path
    codex: Path

    def hears(self, event: dict[str, object]) -> None:
        """Let an event happen; what it starts finds no opentraces, so nobody else is at work."""
        subprocess.run(
            [Path(sys.executable).resolve(), "-I", "-S", SCRIPT, self.settings.home],
            input=json.dumps(event).encode(),
            cwd=self.repository,
            check=True,
        )

    def works(self, name: str, until: str | None = None) -> int:
        """Leave a recorded session, and let its events happen; returns how many hooks ran."""
        for recorded in ROLLOUTS[name]:
            rollout = self._rollout(recorded.name)
            rollout.parent.mkdir(parents=True, exist_ok=True)
            rollout.write_bytes(recorded.read_bytes())
        number = 0
        for line in (DATA / name / "hooks.jsonl").read_text().splitlines():
            event = json.loads(line)["payload"]
            for key in event.keys() & {"transcript_path", "agent_transcript_path"}:
                event[key] = str(self._rollout(Path(event[key]).name))
            if event["hook_event_name"] in HOOKS.events:
                self.hears(event)
                number += 1
            if event["hook_event_name"] == until:
                break
        return number

    def _rollout(self, name: str) -> Path:
        return self.codex / "sessions" / "2026" / "11" / "23" / name

    def forges(self, session: str, transcript: Path) -> None:
        """Be a repository that comes with the end of a session."""
        folder = self.repository / ".opentraces" / "codex-cli" / "hooks"
        folder.mkdir(parents=True)
        said = {"session_id": session, "hook_event_name": "Stop"}
        line = {"opentraces": 1, "at": 1, "event": said | {"transcript_path": str(transcript)}}
        (folder / f"{session}.jsonl").write_text(json.dumps(line) + "\n")

    def ingests(self) -> list[Ingested]:
        """Do what a worker does."""
        return list(keeping_events.ingest_all(self.settings).execute())


@pytest.fixture
def user(tmp_path: Path) -> User:
    repository, codex = tmp_path / "edit", tmp_path / "home" / ".codex"
    (repository / ".git").mkdir(parents=True)
    codex.mkdir(parents=True)
    settings = Settings.from_environment(
        {"HOME": str(tmp_path / "home"), "CODEX_HOME": str(codex), "PATH": ""}
    )
    enrolled = settings.state / "enrolled" / "codex-cli"
    enrolled.parent.mkdir(parents=True)
    enrolled.write_text(f"{repository.resolve()}\n")
    return User(settings, repository, codex)


def test_events_of_a_real_session_become_a_source_of_its_trace(user: User) -> None:
    number = user.works("edit")

    [done] = user.ingests()

    assert (done.session, done.imported.kept, done.is_left) == (SESSION, 1, False)
    assert sum(done.events.values()) == number
    assert list(user.repository.rglob("*.jsonl")) == []
    [trace] = FilesystemKeptTraces(user.settings.bucket).ids()
    envelope = reading.traces(user.settings).envelope(trace)
    assert [source.kind for source in envelope.header.sources] == [
        SourceKind.TRANSCRIPT,
        SourceKind.HOOKS,
    ]


def test_events_that_were_kept_and_not_taken_away_are_not_kept_twice(user: User) -> None:
    number = user.works("edit")
    [waiting] = user.repository.rglob("*.jsonl")
    told = waiting.read_bytes()
    user.ingests()
    late = json.dumps({"opentraces": 1, "at": 1, "event": {"hook_event_name": "Late"}}).encode()
    more = json.loads(told.splitlines()[-1])["event"]
    waiting.with_name(f"{waiting.name}.taken").write_bytes(told + late + b"\n")
    user.hears(more)

    user.ingests()

    [trace] = FilesystemKeptTraces(user.settings.bucket).ids()
    record = reading.get_trace(user.settings).execute(Address(trace, None)).record
    assert sum(record.metadata["hooks"]["events"].values()) == number + 2
    assert list(waiting.parent.iterdir()) == []


def test_sub_agent_is_kept_when_it_stops(user: User) -> None:
    user.works("subagent_v2", until="SubagentStop")

    [done] = user.ingests()

    assert (done.imported.kept, done.imported.failed) == (2, [])
    parent, child = (thread_of(path.name) for path in ROLLOUTS["subagent_v2"])
    assert done.session == parent
    traces = FilesystemKeptTraces(user.settings.bucket).ids()
    headers = [reading.traces(user.settings).envelope(trace).header for trace in traces]
    assert {header.session_id for header in headers} == {parent, child}


@pytest.mark.parametrize("is_named", [True, False])
def test_forged_events_become_no_trace_and_lead_to_no_file_of_the_repository(
    is_named: bool, user: User
) -> None:
    [recorded] = ROLLOUTS["edit"]
    planted = user.repository / recorded.name
    planted.write_bytes(recorded.read_bytes())
    user.forges(SESSION if is_named else OTHER, planted)

    [done] = user.ingests()

    assert (done.is_left, done.imported.kept) == (True, 0)
    assert list(FilesystemKeptTraces(user.settings.bucket).ids()) == []
