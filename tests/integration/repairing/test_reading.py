"""A mended bucket is one of the format: docs/bucket-format.md is all that it takes to read it."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.adapters.filesystem.on_disk import contents
from tests.integration.adapters.filesystem.test_format import folder_of
from tests.integration.program.reader import read, sealed, trace_folders
from tests.integration.repairing.interrupting import damage_all
from tests.integration.repairing.kept_home import KeptHome
from tests.integration.repairing.kept_traces import MANY, PLAIN


def _without_packing(kept: dict[str, Any]) -> dict[str, Any]:
    """Leave out how a blob is stored, and what a file said that was rewritten since."""
    blob = kept.get("blob", {}).get("blob")
    return {**kept, "blob": blob, "facts": None if kept.get("superseded") else kept.get("facts")}


def read_all(bucket: Path, place: Path) -> list[Any]:
    """Read every trace; returns what each says, and writes its files below `place`."""
    sealed(bucket / "bucket.json", "bucket")
    found = [read(folder, place / folder.name) for folder in trace_folders(bucket)]
    for trace in found:
        trace["header"]["sources"] = [_without_packing(kept) for kept in trace["header"]["sources"]]
        last = {(row["name"], row["generation"]): row for row in trace.pop("rows")}
        assert len(last) == len(trace["header"]["sources"])
    return found


def test_a_reader_finds_what_it_found_before(
    paired: KeptHome, remembered: KeptHome, tmp_path: Path
) -> None:
    damage_all(paired)
    with pytest.raises((AssertionError, ValueError)):
        read_all(paired.bucket, tmp_path / "damaged")

    assert paired.repair().ok

    before = read_all(remembered.bucket, tmp_path / "before")
    assert read_all(paired.bucket, tmp_path / "after") == before
    assert contents(tmp_path / "after") == contents(tmp_path / "before")


@pytest.mark.parametrize("trace", [MANY, PLAIN])
def test_no_name_is_used_again(paired: KeptHome, trace: str) -> None:
    folder = folder_of(paired.bucket, trace)
    [steps] = folder.glob("steps*")
    [rows] = folder.glob("sources*")
    used = set()
    for _ in range(3):
        for path in (steps, rows):
            assert path.name not in used
            used.add(path.name)
            path.unlink()
        assert paired.repair().ok
        [steps] = folder.glob("steps*")
        envelope = folder / "trace.json"
        envelope.write_bytes(envelope.read_bytes()[:-40])
        used.add(steps.name)
        steps.unlink()
        assert paired.repair().ok
        [steps] = folder.glob("steps*")
        [rows] = folder.glob("sources*")
