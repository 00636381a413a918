"""A trace that was deleted stays deleted, whatever is done to its home; no word of it is left."""

import gzip
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from tests.integration.fault_matrix.place import Place
from tests.memory_world import event_line
from tests.transcript_lines import answered, typed

GONE = "0d0d0d0d-57a1-4c39-9d3e-2f6a1c7e9b04"
STAYS = "1e1e1e1e-57a1-4c39-9d3e-2f6a1c7e9b04"
WORD = "wombatsecret"
SHARED = b"spilled by both\n" * 40


def leave(place: Path, session: str, word: str) -> Path:
    """Let the agent leave a session with a spilled output."""
    project = place / ".claude" / "projects" / "-work-widgets"
    output = project / session / "tool-results" / "out.txt"
    output.parent.mkdir(parents=True)
    output.write_bytes(SHARED)
    alone = output.with_name("alone.txt")
    alone.write_bytes(f"{word} {session}\n".encode() * 30)
    transcript = project / f"{session}.jsonl"
    lines = (
        typed(f"find {word}", at=0, session=session),
        answered(f"{word}!", at=5, session=session),
    )
    transcript.write_bytes(b"".join(lines))
    return transcript


def tell(place: Place, name: str = "Stop") -> None:
    """Let a hook write down something of the session."""
    spool = place.home / "spool" / "claude-code" / f"{GONE}.jsonl"
    spool.parent.mkdir(parents=True, exist_ok=True)
    transcript = next(place.projects.glob(f"*/{GONE}.jsonl"))
    said = event_line(GONE, name, transcript_path=str(transcript), note=WORD)
    with spool.open("ab") as file:
        file.write(said)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A home with two sessions and what hooks wrote down of one; a word stands in that one only."""
    place = Place(tmp_path / "place")
    leave(place.root, GONE, WORD)
    leave(place.root, STAYS, "kept")
    tell(place)
    place.json("import", "--all")
    assert place.json("trace", "query", WORD)["total"] == 1
    kinds = {path.name.split(".")[0].split("-")[0] for path in holding(place.home)}
    assert {"source", "steps", "trace"} <= kinds
    return place


def holding(home: Path) -> list[Path]:
    """Return the files that hold the word, packed or not."""
    files = (path for path in sorted(home.rglob("*")) if path.is_file())
    return [path for path in files if any(WORD.encode() in data for data in readings(path))]


def readings(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield data
    if path.suffix == ".zst" and data:
        reader = zstandard.ZstdDecompressor().stream_reader(
            io.BytesIO(data), read_across_frames=True
        )
        yield reader.read()
    if path.suffix == ".gz" and data:
        yield gzip.decompress(data)


def delete(place: Place) -> str:
    trace = place.json("trace", "delete", GONE, "--yes")["trace_id"]
    assert place.call("trace", "get", GONE).exit_code == 3
    return str(trace)


def import_again(place: Place) -> None:
    [skipped] = place.json("import", "--all")["skipped"]
    assert "deleted" in skipped["reason"]


def import_its_file(place: Place) -> None:
    place.json("import", str(next(place.projects.glob(f"*/{GONE}.jsonl"))))


def go_on_live(place: Place) -> None:
    transcript = next(place.projects.glob(f"*/{GONE}.jsonl"))
    with transcript.open("ab") as file:
        file.write(typed(f"more {WORD}", at=60, session=GONE))
    tell(place)
    tell(place, "SessionEnd")
    place.json("ingest", "--session", GONE)


def repair(place: Place) -> None:
    place.json("bucket", "repair")


def reproject(place: Place) -> None:
    place.json("bucket", "repair", "--reproject")


def collect(place: Place) -> None:
    (place.home / "config.toml").write_text("[gc]\ngrace_days = 0\n")
    place.json("bucket", "gc")


def lose_index(place: Place) -> None:
    shutil.rmtree(place.home / "index")
    place.json("import", "--all")


def lose_state(place: Place) -> None:
    shutil.rmtree(place.home / "state")
    place.json("import", "--all")


def lose_both(place: Place) -> None:
    shutil.rmtree(place.home / "state")
    lose_index(place)


def copy_again(place: Place) -> None:
    """A snapshot that was taken before it was deleted follows."""
    copy = place.root / "copy"
    assert holding(copy)
    assert place.json("bucket", "snapshot", "--to", str(copy))["deleted"] == 1
    assert holding(copy) == []


AFTER: dict[str, Callable[[Place], None]] = {
    each.__name__: each
    for each in (
        import_again,
        import_its_file,
        go_on_live,
        repair,
        reproject,
        collect,
        lose_index,
        lose_state,
        lose_both,
        copy_again,
    )
}


@pytest.mark.parametrize("name", AFTER)
def test_it_stays_deleted(name: str, place: Place) -> None:
    place.json("bucket", "snapshot", "--to", str(place.root / "copy"))
    trace = delete(place)

    AFTER[name](place)

    assert place.json("trace", "query", WORD)["total"] == 0
    assert trace not in [hit["trace_id"] for hit in place.json("trace", "query")["hits"]]
    assert place.call("trace", "get", GONE).exit_code == 3
    assert place.json("bucket", "verify", "--deep")["ok"]
    assert holding(place.home) == []
    kept = place.json("trace", "restore", STAYS, "--to", str(place.root / "back"))
    assert SHARED in [Path(file).read_bytes() for file in kept["files"]]


@pytest.mark.parametrize("harm", [b"", b"{}", None])
def test_a_damaged_tombstone_holds_and_is_mended(harm: bytes | None, place: Place) -> None:
    delete(place)
    [stone] = (place.bucket / "tombstones").rglob("*.json")
    whole = stone.read_bytes()
    stone.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:] if harm is None else harm)

    assert place.call("bucket", "verify").exit_code == 1
    assert place.json("import", "--all")["kept"] == 0
    place.json("bucket", "repair")

    assert place.json("bucket", "verify", "--deep")["ok"]
    import_again(place)
    assert holding(place.home) == []


def test_a_damaged_trace_can_be_deleted(place: Place) -> None:
    trace = place.json("trace", "query", WORD)["hits"][0]["trace_id"]
    envelope = place.bucket / "traces" / "v1" / trace[:2] / trace / "trace.json"
    envelope.write_bytes(envelope.read_bytes()[:-20])

    place.json("trace", "delete", trace, "--yes")
    place.json("bucket", "repair")
    import_again(place)
    collect(place)

    assert place.json("bucket", "verify", "--deep")["ok"]
    assert holding(place.home) == []
