"""What Pi's extension wrote into a repository becomes sources of the session's own trace."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from opentraces.application.ingest_events import Ingested
from opentraces.domain.address import Address
from opentraces.domain.ids import TraceId
from opentraces.domain.trace import TraceRecord
from opentraces.entrypoints.container import keeping_events, reading, restoring
from opentraces.entrypoints.settings import Settings
from tests.checked import json_of
from tests.integration.adapters.pi.fixtures import DATA

RECORDED = DATA / "0.87.1" / "s1_edit_commit"
BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": "wombat"}]}).encode()
DIGEST = sha256(BODY).hexdigest()


@dataclass(frozen=True)
class User:
    """A user of Pi with one enrolled repository and one session."""

    settings: Settings
    repository: Path
    file: Path

    @property
    def session(self) -> str:
        return self.file.stem.rpartition("_")[2]

    def tells(self, name: str, **more: object) -> None:
        """Be the extension."""
        folder = self.repository / ".opentraces" / "pi" / "events"
        folder.mkdir(parents=True, exist_ok=True)
        event = {"hook_event_name": name, "transcript_path": str(self.file)} | more
        line = {"opentraces": 1, "at": 10**18, "event": event}
        with (folder / f"{self.session}.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def keeps_a_body(self, name: str = f"{DIGEST}.json") -> Path:
        """Be the extension of a user who asked for whole bodies."""
        folder = self.repository / ".opentraces" / "pi" / "bodies" / self.session
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(BODY)
        return folder / name

    def ingests(self) -> list[Ingested]:
        """Do what a worker does."""
        return list(keeping_events.ingest_all(self.settings).execute())

    def record(self) -> TraceRecord:
        trace = TraceId(next(iter(reading.traces(self.settings).ids())))
        return reading.get_trace(self.settings).execute(Address(trace)).record

    def restored(self, to: Path) -> dict[str, bytes]:
        trace = next(iter(reading.traces(self.settings).ids()))
        restoring.restore_trace(self.settings).execute(trace, restoring.destination(to))
        found = (path for path in to.rglob("*") if path.is_file())
        return {str(path.relative_to(to)): path.read_bytes() for path in found}


@pytest.fixture
def user(tmp_path: Path) -> User:
    repository, home = tmp_path / "widgets", tmp_path / "home"
    (repository / ".git").mkdir(parents=True)
    sessions = home / ".pi" / "agent" / "sessions" / "--home-dev-widgets--"
    sessions.mkdir(parents=True)
    recorded = max(RECORDED.glob("*.jsonl"))
    (sessions / recorded.name).write_bytes(recorded.read_bytes())
    settings = Settings.from_environment({"HOME": str(home), "PATH": ""})
    enrolled = settings.state / "enrolled" / "pi"
    enrolled.parent.mkdir(parents=True)
    enrolled.write_text(f"{repository.resolve()}\n")
    return User(settings, repository, sessions / recorded.name)


def test_events_are_kept_with_their_session(user: User, tmp_path: Path) -> None:
    user.tells("before_provider_request")
    user.tells("agent_end")

    (done,) = user.ingests()

    assert (done.agent, done.session, done.imported.kept) == ("pi", user.session, 1)
    assert list(user.repository.rglob("*.jsonl")) == []
    assert user.record().metadata["hooks"]["capture_method"] == "live_capture"
    assert f"hooks/{user.session}.jsonl" in user.restored(tmp_path / "back")


def test_a_body_is_a_file_of_its_session_and_in_no_record(user: User, tmp_path: Path) -> None:
    user.keeps_a_body()
    user.tells("agent_end")

    user.ingests()

    restored = user.restored(tmp_path / "back")
    assert restored[f"bodies/{DIGEST}.json"] == BODY
    assert b"wombat" not in json_of(user.record())
    (source,) = (each for each in user.record().metadata["sources"] if each["kind"] == "body")
    assert source["name"] == f"bodies/{DIGEST}.json"


def test_a_body_that_comes_later_is_kept_too(user: User, tmp_path: Path) -> None:
    user.tells("agent_end")
    user.ingests()
    user.keeps_a_body()
    user.tells("session_shutdown")

    user.ingests()

    assert f"bodies/{DIGEST}.json" in user.restored(tmp_path / "back")


@pytest.mark.parametrize("what", ["link", "second name", "linked folder", "other name"])
def test_what_a_repository_may_ship_as_a_body_is_none(
    what: str, user: User, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    body = user.keeps_a_body("notes.txt" if what == "other name" else f"{DIGEST}.json")
    if what == "link":
        body.unlink()
        body.symlink_to(secret)
    elif what == "second name":
        body.unlink()
        body.hardlink_to(secret)
    elif what == "linked folder":
        body.parent.rename(tmp_path / "elsewhere")
        body.parent.symlink_to(tmp_path / "elsewhere")
    user.tells("agent_end")

    user.ingests()

    assert [name for name in user.restored(tmp_path / "back") if "bodies" in name] == []


def test_forged_events_become_no_trace(user: User) -> None:
    forged = user.repository / user.file.name
    forged.write_bytes(user.file.read_bytes())
    user.file.unlink()
    user.tells("session_shutdown", transcript_path=str(forged))

    (done,) = user.ingests()

    assert (done.is_left, done.imported.kept) == (True, 0)
    assert list(reading.traces(user.settings).ids()) == []
