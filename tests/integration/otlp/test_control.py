"""Starting, asking and ending a receiver, and nothing else that runs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.worker.processes import began
from opentraces.adapters.worker.receiver import ReceiverProcess, Running
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.entrypoints.container.receiver_lock import LOCK, RECORD
from opentraces.entrypoints.container.receiving import receiver as receiver_of
from opentraces.entrypoints.settings import Settings
from opentraces.ports.receiver import Receiver
from tests.contracts.receiver import ReceiverContract
from tests.integration.otlp.conftest import free_port


@pytest.fixture
def settings(home: Path) -> Settings:
    (home / ".opentraces" / "otlp").mkdir(parents=True)
    (home / ".opentraces" / "otlp" / "port").write_text(str(free_port()))
    return Settings.from_environment()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[ReceiverProcess]:
    receiver = receiver_of(settings)
    yield receiver
    receiver.stop()


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process of somebody else's."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        assert process.poll() is None, "it was ended"
        process.kill()


class TestReceiverProcess(ReceiverContract):
    @pytest.fixture
    def receiver(self, receiver: ReceiverProcess) -> ReceiverProcess:
        return receiver

    def identity(self, receiver: Receiver) -> object:
        assert isinstance(receiver, ReceiverProcess)
        return orjson.loads(receiver.record.read_bytes())["pid"]


def test_asking_makes_nothing(home: Path) -> None:
    receiver_of(Settings.from_environment()).state()

    assert not (home / ".opentraces").exists()


def test_it_goes_on_when_its_starter_has_ended(settings: Settings) -> None:
    code = (
        "from opentraces.entrypoints.container.receiving import receiver;"
        "from opentraces.entrypoints.settings import Settings;"
        "receiver(Settings.from_environment()).start()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True)

    receiver = receiver_of(settings)
    assert receiver.state().is_answering
    receiver.stop()


def test_recycled_number_is_not_ended(
    receiver: ReceiverProcess,
    stranger: subprocess.Popen[bytes],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("opentraces.adapters.worker.receiver._ENDS_S", 0.1)
    settings.state.mkdir(parents=True)
    (settings.state / RECORD).write_bytes(Running(stranger.pid, "1", 4318).stored())

    with closing(Locks(settings.state).hold(LOCK, wait=False)), pytest.raises(Busy):
        receiver.stop()


def test_process_is_not_ended_while_nobody_holds_the_lock(
    receiver: ReceiverProcess, stranger: subprocess.Popen[bytes], settings: Settings
) -> None:
    settings.state.mkdir(parents=True)
    running = Running(stranger.pid, began(stranger.pid), 4318)
    (settings.state / RECORD).write_bytes(running.stored())

    receiver.stop()

    assert not receiver.state().is_running


@pytest.mark.parametrize("record", [b"", b"{}", b'{"pid":"x"}', b"[]", None])
def test_which_process_it_is_has_to_be_told(
    record: bytes | None, receiver: ReceiverProcess, settings: Settings
) -> None:
    settings.state.mkdir(parents=True)
    if record is not None:
        (settings.state / RECORD).write_bytes(record)
    with closing(Locks(settings.state).hold(LOCK, wait=False)):
        with pytest.raises(Busy, match="cannot be told"):
            receiver.stop()
        assert receiver.state().is_running
        assert not receiver.state().is_answering


def test_port_that_is_taken_is_said(receiver: ReceiverProcess, settings: Settings) -> None:
    other = receiver_of(settings)
    receiver.start()
    taken = (settings.otlp / "port").read_text()
    home = settings.home.parent / "other"
    (home / "otlp").mkdir(parents=True)
    (home / "otlp" / "port").write_text(taken)
    second = receiver_of(Settings.from_environment({**os.environ, "OPENTRACES_HOME": str(home)}))

    with pytest.raises(StorageUnavailable, match=f"127.0.0.1:{taken}: .* → .*--port"):
        second.start()

    assert not second.state().is_running
    assert other.state().is_answering


def test_receiver_that_cannot_be_started_is_said(
    receiver: ReceiverProcess, settings: Settings
) -> None:
    settings.state.mkdir(parents=True)
    settings.spool.mkdir()
    (settings.spool / "otlp").write_bytes(b"in the way")

    with pytest.raises(StorageUnavailable, match="otlp"):
        receiver.start()
