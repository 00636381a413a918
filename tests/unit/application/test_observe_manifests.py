"""What a project was built on when a session began, from the commit that was checked out then."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest
from opentraces_schema import TraceRecord as PublicRecord  # type: ignore[import-untyped]

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.domain.assemble import wire_bytes
from opentraces.domain.environment import Pin
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trace import TraceRecord
from opentraces.domain.trail.events import ManifestObserved
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.domain.trail.worktree import WorktreeSigns
from tests.memory_world import FOLDER, MemoryWorld, trace_of
from tests.transcript_lines import answered, typed
from tests.unit.application.test_read_dependencies import PYPROJECT, Session

LOCK = (
    '[[package]]\nname = "requests"\nversion = "2.31.0"\n'
    'wheels = [{ url = "https://example.org/r.whl", hash = "sha256:00" }]\n'
)
FILES = {
    "pyproject.toml": PYPROJECT.encode(),
    "uv.lock": LOCK.encode(),
    "README": b"hello\n",
    "web/package.json": b'{"dependencies": {"left-pad": "1"}}',
    "web/src/index.js": b"1\n",
    "tool/go.mod": b"module x\nrequire example.org/y v1.0.0\n",
    "vendor/pyproject.toml": PYPROJECT.replace("requests", "vendored").encode(),
}


class Counted(MemoryRepository):
    """A repository that notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.folders: list[list[str]] = []
        self.contents = 0

    def files_in(self, commit: CommitId, folders: Collection[str]) -> Mapping[str, ObjectId]:
        self.folders.append(sorted(folders))
        return super().files_in(commit, folders)

    def blobs(self, ids: Sequence[ObjectId]) -> Any:
        self.contents += len(ids)
        return super().blobs(ids)


class Place:
    """A worktree in which sessions run, at a commit of the given files."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.repository = Counted()
        self.commit = self.repository.commit(files or FILES)
        self.world = MemoryWorld(parser=ClaudeCodeParser())
        seen = self.world.worktrees
        seen.worktrees[FOLDER] = WorktreeSigns(path=FOLDER, root_commit=self.commit)
        seen.checked_out[FOLDER] = {0: self.commit}
        seen.histories[FOLDER] = self.repository

    def keep(self, session: Session, name: str = "s1") -> TraceRecord:
        self.world.leave(name, {f"{name}.jsonl": session.lines})
        self.world.run()
        record = self.world.record(name)
        PublicRecord.model_validate_json(wire_bytes(record))
        return record

    def manifests(self) -> list[ManifestObserved]:
        envelope = self.world.traces.envelope(trace_of("s1"))
        events = self.world.traces.trail(envelope)
        return [each for each in events if isinstance(each, ManifestObserved)]


@pytest.fixture
def place() -> Place:
    return Place()


def rows(record: TraceRecord) -> dict[str, Any]:
    return {row["path"]: row for row in record.metadata["dependencies"]["files"]}


def test_a_session_that_touched_no_manifest_shows_those_of_the_root(place: Place) -> None:
    record = place.keep(Session())

    assert record.dependencies == ("requests",)
    assert record.environment.language_ecosystem == ("python",)
    assert record.environment.resolved_dependencies == (Pin(name="requests", version="2.31.0"),)
    assert set(rows(record)) == {"pyproject.toml", "uv.lock"}
    row = rows(record)["pyproject.toml"]
    blob = place.repository.files_in(place.commit, [""])["pyproject.toml"]
    assert row == {
        "path": "pyproject.toml",
        "ecosystem": "python",
        "names": 1,
        "commit": place.commit,
        "blob": blob,
    }


def test_folders_of_files_that_it_touched_count_and_no_others(place: Place) -> None:
    session = Session()
    session.write("web/src/index.js", "2\n", before="1\n")
    record = place.keep(session)

    assert set(rows(record)) == {"pyproject.toml", "uv.lock", "web/package.json"}
    assert record.environment.language_ecosystem == ("npm", "python")
    assert place.repository.folders == [["", "web", "web/src"]]


def test_a_manifest_that_it_touched_is_as_it_saw_it_last(place: Place) -> None:
    session = Session()
    session.write("pyproject.toml", PYPROJECT.replace("requests", "httpx"), before=PYPROJECT)
    record = place.keep(session)

    assert record.dependencies == ("httpx",)
    assert set(rows(record)) == {f"{FOLDER}/pyproject.toml", "uv.lock"}


def test_what_follows_is_looked_for_once(place: Place) -> None:
    session = Session()
    place.keep(session)
    assert place.repository.contents == 2
    session.write("web/src/index.js", "2\n", before="1\n")
    place.keep(session)
    session.write("web/src/index.js", "3\n", before="2\n")
    record = place.keep(session)

    assert place.repository.folders == [[""], ["web", "web/src"]]
    assert place.repository.contents == 3
    assert [each.path for each in place.manifests()] == [
        "pyproject.toml",
        "uv.lock",
        "web/package.json",
    ]
    assert set(rows(record)) == {"pyproject.toml", "uv.lock", "web/package.json"}


def test_a_content_is_read_once_for_many_sessions(place: Place) -> None:
    for number in range(5):
        place.keep(Session(), f"s{number}")

    assert place.repository.contents == 2


def test_a_trace_that_is_read_again_says_it_once(place: Place) -> None:
    before = place.keep(Session())
    place.world.progress.forget(trace_of("s1"))
    session = Session()
    session.lines += typed("go on", at=100) + answered("m100", at=101)
    after = place.keep(session)

    assert len(place.manifests()) == 2
    assert after.dependencies == before.dependencies


def test_a_repository_that_cannot_be_read_says_nothing_and_is_asked_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*asked: object) -> Mapping[str, ObjectId]:
        raise RepositoryUnreadable("it is away")

    session = Session()
    with monkeypatch.context() as patched:
        patched.setattr(place.repository, "files_in", refuse)
        assert place.keep(session).dependencies == ()
    session.lines += typed("go on", at=100) + answered("m100", at=101)

    assert place.keep(session).dependencies == ("requests",)


def test_without_a_known_commit_nothing_is_said(place: Place) -> None:
    place.world.worktrees.checked_out.clear()
    record = place.keep(Session())

    assert record.dependencies == ()
    assert place.repository.folders == []


def test_what_is_no_manifest_is_not_read() -> None:
    place = Place({"pyproject.toml": b"\xff not toml [", "package.json": b"[]", "a.py": b"1\n"})
    record = place.keep(Session())

    assert record.dependencies == ()
    assert place.manifests() == []
