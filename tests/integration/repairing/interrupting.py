"""A repair of many things at once, and what is left when it is interrupted."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.session import SourceFile, SourceKind
from tests.integration.adapters.filesystem.medium import LOSSES, Disk, Medium, after_power_loss
from tests.integration.adapters.filesystem.on_disk import traces_of
from tests.integration.adapters.filesystem.test_format import folder_of
from tests.integration.repairing.harm import flipped
from tests.integration.repairing.kept_home import Kept, KeptHome
from tests.integration.repairing.kept_traces import MANY, OUTPUT, PLAIN, REWRITTEN, SHORT
from tests.integration.repairing.packing import pack_blob, pack_source


def damage_all(home: KeptHome) -> dict[str, bytes]:
    """Damage something of every kind; returns the damaged files, by the place of evidence."""
    envelope = traces_of(home.path).envelope(MANY)
    pack_source(home.path, MANY, 0)
    blob = envelope.header.sources[OUTPUT].blob
    assert blob is not None
    pack_blob(home.path, blob.blob)
    damaged = {}
    for owner, path in _damaged(home):
        path.write_bytes(flipped(path.read_bytes(), 60))
        damaged[f"{owner}/{path.name}.0"] = path.read_bytes()
    (home.bucket / "stray").write_bytes(b"?")
    for number in (0, 1):
        _rewrite_end(home, number)
    return damaged | {"_/stray.0": b"?"}


def _rewrite_end(home: KeptHome, number: int) -> None:
    """Leave to the agent only the run of a source that is damaged; the other is in the bucket."""
    envelope = traces_of(home.path).envelope(MANY)
    location = envelope.header.sources[number].location
    first, _ = envelope.source_members(number)
    file = SourceFile("", SourceKind.TRANSCRIPT, location, 0, "")
    there = b"".join(home.agent.read(file, 0))
    home.agent.replace(location, there[: first.plain] + b"rewritten")


def _damaged(home: KeptHome) -> Iterator[tuple[str, Path]]:
    """Yield what is to be damaged, and whose it is."""
    for trace, pattern in (
        (MANY, "source-0.zst"),
        (MANY, "source-1.zst"),
        (MANY, "sources*"),
        (MANY, "steps*"),
        (REWRITTEN, "trace.json"),
        (PLAIN, "steps*"),
        (SHORT, "source-0.zst"),
    ):
        yield trace, next(folder_of(home.bucket, trace).glob(pattern))
    yield from ((MANY, path) for path in (home.bucket / "blobs").rglob("*.zst"))
    yield from (("_", path) for path in (home.bucket / "tombstones").rglob("*.json"))
    yield "_", home.bucket / "bucket.json"


def operations(home: KeptHome, patch: pytest.MonkeyPatch, *, fails_at: int = -1) -> Medium:
    """Repair, on a medium that remembers, or refuses one operation."""
    medium = Medium(home.path, fails_at)
    with patch.context() as local:
        medium.install(local, has_syncfs=False)
        try:
            home.repair()
        except StorageUnavailable:
            assert fails_at >= 0
    return medium


def lose_power(
    home: KeptHome, kept: Kept, patch: pytest.MonkeyPatch, place: Path, stride: int
) -> int:
    """Let the power go at every `stride`-th operation, and repair what is left each time."""
    damaged = damage_all(home)
    before = Disk.of(home.path)
    done = operations(home, patch).done
    for number, loss in enumerate(LOSSES.values()):
        for count in (*range(number % stride, len(done), stride), len(done)):
            disk = after_power_loss(copy.deepcopy(before), done[:count], loss)
            disk.write(home.path, place)
            if count == len(done):
                assert KeptHome(place).problems() == set()
            _assert_mended(KeptHome(place, home.agent), kept, damaged)
            shutil.rmtree(place)
    return len(done)


def refuse(home: KeptHome, kept: Kept, patch: pytest.MonkeyPatch, place: Path, stride: int) -> int:
    """Refuse every `stride`-th operation, and repair again each time."""
    damaged = damage_all(home)
    shutil.copytree(home.path, place)
    count = len(operations(KeptHome(place, home.agent), patch).done)
    shutil.rmtree(place)
    for number in range(0, count, stride):
        shutil.copytree(home.path, place)
        copied = KeptHome(place, home.agent)
        operations(copied, patch, fails_at=number)
        _assert_mended(copied, kept, damaged)
        shutil.rmtree(place)
    return count


def _assert_mended(home: KeptHome, kept: Kept, damaged: dict[str, bytes]) -> None:
    done = home.repair()
    assert done.ok, done.left
    assert home.problems() == set()
    assert home.all_kept() == kept
    aside = home.bucket / "quarantine"
    assert {name: (aside / name).read_bytes() for name in damaged} == damaged
    after = home.files()
    assert home.repair().mended == ()
    assert home.files() == after
