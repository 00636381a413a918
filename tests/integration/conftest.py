"""What tests on a real disk share."""

import os

import pytest

from opentraces.adapters.filesystem import durable


@pytest.fixture
def no_flushing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is flushed: which bytes a loss of power would leave is worked out, not tried."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(durable, "_SYNC", lambda _: 0)
