"""Events as files that real hooks write to."""

import fcntl
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

import opentraces
from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from tests.contracts.event_spool import FIRST, SECOND, A, B, EventSpoolContract, Write, all_of

SCRIPT = Path(opentraces.__path__[0], "entrypoints", "hooks", "claude_code.py")
HOOKS = 300
HOLD = """
import sys, time
from pathlib import Path
from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.domain.session import Agent

home, session = sys.argv[1:]
spool = FilesystemEventSpool(Path(home, "spool"), Path(home, "state"), Agent.CLAUDE_CODE)
with spool.lease(session):
    print("held", flush=True)
    time.sleep(600)
"""


class TestFilesystemEventSpool(EventSpoolContract):
    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        """The folder of all that we keep; not there yet."""
        return tmp_path / "home"

    @pytest.fixture
    def folder(self, home: Path) -> Path:
        """Where the hook writes."""
        return home / "spool" / "claude-code"

    @pytest.fixture
    def spool(self, home: Path) -> FilesystemEventSpool:
        return FilesystemEventSpool(home / "spool", home / "state", Agent.CLAUDE_CODE)

    @pytest.fixture
    def other(self, home: Path) -> FilesystemEventSpool:
        return FilesystemEventSpool(home / "spool", home / "state", Agent.CLAUDE_CODE)

    @pytest.fixture
    def write(self, folder: Path) -> Write:
        def append(session: SessionId, data: bytes) -> None:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / f"{session}.jsonl").open("ab") as file:
                file.write(data)

        return append

    @pytest.mark.parametrize(
        "name",
        [".jsonl", "a.json", "a", "a.jsonl.tmp", "a b.jsonl", "a.b.jsonl", "é.jsonl", "..jsonl"],
    )
    def test_file_of_another_name_is_none_of_ours(
        self, name: str, spool: FilesystemEventSpool, folder: Path
    ) -> None:
        folder.mkdir(parents=True)
        (folder / name).write_bytes(FIRST)

        assert spool.waiting() == ()

    def test_file_whose_name_is_no_text_is_none_of_ours(
        self, spool: FilesystemEventSpool, folder: Path
    ) -> None:
        folder.mkdir(parents=True)
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff.jsonl")).write_bytes(FIRST)

        assert spool.waiting() == ()

    def test_empty_file_holds_nothing_that_waits(
        self, spool: FilesystemEventSpool, write: Write
    ) -> None:
        write(A, b"")

        assert spool.waiting() == ()
        assert all_of(spool) == b""

    @pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe"])
    def test_what_is_no_file_is_not_read(
        self, kind: str, spool: FilesystemEventSpool, write: Write, folder: Path, tmp_path: Path
    ) -> None:
        write(B, SECOND)
        secret = tmp_path / "secret"
        secret.write_bytes(b"a secret")
        place = folder / f"{A}.jsonl"
        make: dict[str, Callable[[], object]] = {
            "link": lambda: place.symlink_to(secret),
            "dangling": lambda: place.symlink_to(tmp_path / "nowhere"),
            "folder": place.mkdir,
            "pipe": lambda: os.mkfifo(place),
        }
        make[kind]()

        assert [each.session for each in spool.waiting()] == [B]
        assert read_or_refused(spool) == b""
        assert secret.read_bytes() == b"a secret"
        assert not (tmp_path / "nowhere").exists()

    def test_spool_that_cannot_be_listed_is_said_so(
        self, spool: FilesystemEventSpool, folder: Path
    ) -> None:
        folder.parent.mkdir(parents=True)
        folder.touch()

        with pytest.raises(StorageUnavailable, match="claude-code"):
            spool.waiting()

    def test_looking_makes_nothing(self, spool: FilesystemEventSpool, home: Path) -> None:
        spool.waiting()
        all_of(spool)
        spool.clear(A, 0)

        assert not home.exists()

    def test_all_that_is_made_is_for_the_user_alone(
        self, spool: FilesystemEventSpool, home: Path, write: Write, folder: Path
    ) -> None:
        with spool.lease(A):
            pass
        write(A, FIRST + b"torn")
        (folder / f"{A}.jsonl").chmod(0o600)
        all_of(spool)

        made = [home / "state", *(home / "state").rglob("*"), folder / f"{A}.jsonl"]
        modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in made}
        assert modes == {(True, 0o700), (False, 0o600)}

    def test_lease_ends_with_its_process(self, spool: FilesystemEventSpool, home: Path) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(home), A], stdout=subprocess.PIPE
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"held\n"
            assert is_busy(spool)
            process.kill()

        assert not is_busy(spool)

    def test_reader_waits_for_an_event_that_is_being_written(
        self, spool: FilesystemEventSpool, write: Write, folder: Path
    ) -> None:
        write(A, FIRST + SECOND[:9])
        read: list[bytes] = []
        with (folder / f"{A}.jsonl").open("ab") as hook:
            fcntl.flock(hook, fcntl.LOCK_SH)
            reader = Thread(target=lambda: read.append(all_of(spool)))
            reader.start()
            wait_for_readers(folder / f"{A}.jsonl", 2)
            hook.write(SECOND[9:])
        reader.join()

        assert read == [FIRST + SECOND]

    def test_clear_waits_for_an_event_that_is_being_written(
        self, spool: FilesystemEventSpool, write: Write, folder: Path
    ) -> None:
        write(A, FIRST)
        cleared: list[bool] = []
        with (folder / f"{A}.jsonl").open("ab") as hook:
            fcntl.flock(hook, fcntl.LOCK_SH)
            clearer = Thread(target=lambda: cleared.append(spool.clear(A, len(FIRST))))
            clearer.start()
            wait_for_readers(folder / f"{A}.jsonl", 2)
            hook.write(SECOND)
        clearer.join()

        assert cleared == [False]
        assert all_of(spool) == FIRST + SECOND

    def test_clear_that_comes_too_late_takes_no_newer_file_away(
        self, spool: FilesystemEventSpool, write: Write, folder: Path
    ) -> None:
        write(A, FIRST)
        place = folder / f"{A}.jsonl"
        with place.open("ab") as another:
            fcntl.flock(another, fcntl.LOCK_EX)
            clearer = Thread(target=lambda: spool.clear(A, len(FIRST)))
            clearer.start()
            wait_for_readers(place, 2)
            place.unlink()
            write(A, SECOND[:-1] + b" \n")
        clearer.join()

        assert all_of(spool) == SECOND[:-1] + b" \n"

    def test_no_event_of_many_hooks_is_lost_or_doubled_while_they_are_taken(
        self, spool: FilesystemEventSpool, home: Path, tmp_path: Path
    ) -> None:
        hook = Hook(home, tmp_path / "work")
        kept: dict[SessionId, bytes] = {A: b"", B: b""}
        taken = 0
        with ThreadPoolExecutor(8) as pool:
            running = [pool.submit(hook.run, (A, B)[number % 2], number) for number in range(HOOKS)]
            while any(not each.done() for each in running):
                taken += take(spool, kept)
            assert [each.result() for each in running] == [(0, b"")] * HOOKS
        take(spool, kept)

        serials = {session: serials_in(data) for session, data in kept.items()}
        assert sorted(serials[A]) == list(range(0, HOOKS, 2))
        assert sorted(serials[B]) == list(range(1, HOOKS, 2))
        assert spool.waiting() == ()
        assert taken > 5


class Hook:
    """The real hook, as the agent runs it in an enrolled repository."""

    def __init__(self, home: Path, repository: Path) -> None:
        self._command = [sys.executable, "-I", "-S", str(SCRIPT), str(home)]
        self._told = {"PATH": "/usr/bin:/bin", "CLAUDE_PROJECT_DIR": str(repository)}
        repository.mkdir()
        enrolled = home / "state" / "enrolled" / "claude-code"
        enrolled.parent.mkdir(parents=True)
        enrolled.write_text(f"{repository.resolve()}\n")

    def run(self, session: SessionId, serial: int) -> tuple[int, bytes]:
        """Let one event happen."""
        said = {"session_id": session, "hook_event_name": "PostToolUse", "serial": serial}
        said["tool_response"] = "x" * (serial * 37 % 9000)
        done = subprocess.run(
            self._command,
            input=json.dumps(said).encode() + b"\n",
            env=self._told,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout


def take(spool: FilesystemEventSpool, kept: dict[SessionId, bytes]) -> int:
    """Keep what waits, as far as it can be taken away; returns how often that went well."""
    taken = 0
    for waiting in spool.waiting():
        data = all_of(spool, waiting.session)
        if spool.clear(waiting.session, len(data)):
            kept[waiting.session] += data
            taken += 1
    return taken


def serials_in(data: bytes) -> Iterator[int]:
    return (json.loads(line)["event"]["serial"] for line in data.splitlines())


def read_or_refused(spool: FilesystemEventSpool) -> bytes:
    try:
        return all_of(spool)
    except StorageUnavailable:
        return b""


def is_busy(spool: FilesystemEventSpool) -> bool:
    try:
        with spool.lease(A):
            return False
    except Busy:
        return True


def wait_for_readers(place: Path, number: int) -> None:
    """Wait until this process has a file open so often."""
    while sum(is_open(each, place) for each in Path("/proc/self/fd").iterdir()) < number:
        sleep(0.001)


def is_open(descriptor: Path, place: Path) -> bool:
    try:
        return descriptor.readlink() == place
    except FileNotFoundError:
        return False
