"""A ledger where nothing can be locked is not held by another."""

import errno
import fcntl
import os
import time
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.sqlite_ledger.ledger import SqliteLedger
from opentraces.domain.errors import Busy, StorageUnavailable

LONG_S = 600.0


@pytest.mark.parametrize("call", ["flock", "lockf"])
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL])
def test_nobody_is_waited_for(
    call: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    ledger = SqliteLedger(tmp_path / "ledger.sqlite", "bucket", LONG_S)
    ledger.begin_anew()
    with ledger.settling():
        pass
    kept = (tmp_path / "ledger.sqlite").read_bytes()
    monkeypatch.setattr(fcntl, call, refused)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waits"))

    with pytest.raises(StorageUnavailable, match="has no locks") as raised, ledger.settling():
        pass
    with pytest.raises(StorageUnavailable, match=str(tmp_path)):
        ledger.is_complete()

    assert not isinstance(raised.value, Busy)
    assert (tmp_path / "ledger.sqlite").read_bytes() == kept
