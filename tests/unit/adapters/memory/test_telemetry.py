"""The memory adapters of telemetry keep the contracts."""

import pytest

from opentraces.adapters.memory.receiver import MemoryReceiver
from opentraces.adapters.memory.telemetry_spool import MemoryTelemetrySpool
from opentraces.domain.ids import SessionId
from opentraces.ports.receiver import Receiver
from tests.contracts.receiver import ReceiverContract
from tests.contracts.telemetry_spool import MOST, MOST_UNKNOWN, TelemetrySpoolContract


class TestMemoryTelemetrySpool(TelemetrySpoolContract):
    @pytest.fixture
    def spool(self) -> MemoryTelemetrySpool:
        self._spool = MemoryTelemetrySpool(MOST, MOST_UNKNOWN)
        return self._spool

    def waiting(self) -> dict[str, bytes]:
        return {session: bytes(held) for session, held in self._spool.waiting.items()}

    def take_up(self, session: SessionId) -> None:
        del self._spool.waiting[session]


class TestMemoryReceiver(ReceiverContract):
    @pytest.fixture
    def receiver(self) -> MemoryReceiver:
        return MemoryReceiver()

    def identity(self, receiver: Receiver) -> object:
        assert isinstance(receiver, MemoryReceiver)
        return receiver.starts
