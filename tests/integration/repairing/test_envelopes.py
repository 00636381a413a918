"""trace.json made again from the files beside it, or left where that cannot be proven."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from opentraces.adapters.filesystem.envelope_file import encode
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import TraceId
from tests.integration.adapters.filesystem.on_disk import keeper_of, traces_of, writer_of
from tests.integration.adapters.filesystem.test_format import folder_of
from tests.integration.repairing.harm import flipped
from tests.integration.repairing.kept_home import KeptHome
from tests.integration.repairing.kept_traces import MANY, OUTPUT, PLAIN, REWRITTEN
from tests.integration.repairing.packing import pack_source


def file_of(home: KeptHome, trace: TraceId, pattern: str) -> Path:
    [path] = folder_of(home.bucket, trace).glob(pattern)
    return path


def lose(home: KeptHome, trace: TraceId) -> bytes:
    """Damage an envelope; returns the damaged bytes."""
    path = file_of(home, trace, "trace.json")
    path.write_bytes(flipped(path.read_bytes(), 200))
    return path.read_bytes()


Spoil = Callable[[KeptHome], None]


def _lose_list(home: KeptHome) -> None:
    path = file_of(home, MANY, "sources*")
    path.write_bytes(flipped(path.read_bytes(), 30))


def _lose_run(home: KeptHome) -> None:
    path = file_of(home, MANY, "source-0.zst")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _lose_source(home: KeptHome) -> None:
    file_of(home, MANY, "source-1.zst").unlink()


def _damage_blob(home: KeptHome) -> None:
    blob = traces_of(home.path).envelope(MANY).header.sources[OUTPUT].blob
    assert blob is not None
    next(home.bucket.rglob(f"{blob.blob}.zst")).write_bytes(b"damaged")


def _change_a_source(home: KeptHome) -> None:
    """Put other bytes there, which are whole in themselves."""
    path = file_of(home, MANY, "source-0.zst")
    first, _ = traces_of(home.path).envelope(MANY).source_members(0)
    plain = zstandard.ZstdDecompressor().decompress(path.read_bytes()[: first.stored])
    other = zstandard.ZstdCompressor().compress(plain.replace(b"wombat", b"marmot"))
    path.write_bytes(other + path.read_bytes()[first.stored :])


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_lose_list, "list of sources is damaged"),
        (_lose_run, "bytes of it are missing"),
        (_lose_source, "source-1.zst is missing"),
        (_change_a_source, "not those that it names"),
    ],
)
def test_what_cannot_be_proven_is_left_as_it_is(
    paired: KeptHome, remembered: KeptHome, spoil: Spoil, reason: str
) -> None:
    spoil(paired)
    lose(paired, MANY)
    before = paired.files()

    done = paired.repair()

    [left] = [each for each in done.left if each.path.endswith("trace.json")]
    assert (left.trace, reason in left.text) == (MANY, True), left.text
    assert paired.files() == before
    for trace in set(remembered.all_kept()) - {MANY}:
        assert paired.kept(trace) == remembered.kept(trace)


def test_a_blob_that_the_agent_has_still_comes_back_with_it(
    paired: KeptHome, remembered: KeptHome
) -> None:
    _damage_blob(paired)
    lose(paired, MANY)

    done = paired.repair()

    assert (done.ok, paired.problems()) == (True, set())
    assert paired.all_kept() == remembered.all_kept()
    assert {path.split("/")[1] for path in done.aside} == {MANY}


def test_a_blob_that_it_may_name_stays(alone: KeptHome) -> None:
    _damage_blob(alone)
    lose(alone, MANY)
    before = alone.files()

    done = alone.repair()

    assert any(".zst is damaged" in each.text for each in done.left)
    assert len(done.left) == 2
    assert alone.files() == before


def test_the_same_envelope_comes_again_but_for_its_number(paired: KeptHome) -> None:
    before = traces_of(paired.path).envelope(REWRITTEN)
    lose(paired, REWRITTEN)

    paired.repair()

    after = traces_of(paired.path).envelope(REWRITTEN)
    assert after.files == before.files
    assert after.header.generation == before.header.generation == 1
    assert after.commit == before.commit + 1


def test_one_that_is_missing_comes_again_and_is_found_again(paired: KeptHome) -> None:
    file_of(paired, MANY, "trace.json").unlink()
    assert MANY not in set(traces_of(paired.path).ids())

    done = paired.repair()

    assert [(each.trace, each.path[-10:]) for each in done.mended] == [(MANY, "trace.json")]
    assert MANY in set(traces_of(paired.path).ids())


def test_bytes_that_an_interrupted_import_had_added_are_kept(paired: KeptHome) -> None:
    before = paired.kept(PLAIN)[1][0]
    more = b'{"type":"user"}\n'
    with file_of(paired, PLAIN, "source-0.zst").open("ab") as file:
        file.write(zstandard.ZstdCompressor().compress(more) + b"half a frame")
    file_of(paired, PLAIN, "trace.json").unlink()

    assert paired.repair().ok
    assert paired.problems() == set()
    assert paired.kept(PLAIN)[1] == (before + more,)
    rows = gzip.decompress(file_of(paired, PLAIN, "sources*").read_bytes())
    assert b'"size":%d,' % (len(before) + len(more)) in rows


def test_where_no_digest_is_left_it_says_so(paired: KeptHome) -> None:
    file_of(paired, PLAIN, "trace.json").unlink()
    file_of(paired, PLAIN, "steps*").unlink()

    done = paired.repair()

    assert done.ok
    assert "no digest" in done.mended[0].text


def test_what_is_cut_off_of_it_speaks_against_nothing(paired: KeptHome) -> None:
    path = file_of(paired, PLAIN, "trace.json")
    path.write_bytes(path.read_bytes().partition(b'"source-0.zst"')[0])
    file_of(paired, PLAIN, "steps*").unlink()

    done = paired.repair()

    assert (done.ok, paired.problems()) == (True, set())
    assert "no digest" in done.mended[0].text


def test_an_import_leaves_a_trace_alone_that_lost_its_envelope(paired: KeptHome) -> None:
    progress = paired.path / "state" / "progress" / PLAIN[:2] / PLAIN
    progress.parent.mkdir(parents=True, exist_ok=True)
    progress.write_bytes(b"")
    path = file_of(paired, PLAIN, "trace.json")
    whole = path.read_bytes()
    path.unlink()
    before = paired.files()

    with writer_of(paired.path).batch() as batch, pytest.raises(Corrupt, match="bucket repair"):
        batch.edit(PLAIN, wait=True)

    assert paired.files() == before
    missing = ("missing", str(path.relative_to(paired.bucket)))
    assert paired.problems() == {missing}
    assert paired.repair().ok
    assert paired.problems() == set()
    with writer_of(paired.path).batch() as batch:
        batch.edit(PLAIN, wait=True)
    assert path.read_bytes() == whole


def test_a_list_that_was_written_anew_serves_too(paired: KeptHome, remembered: KeptHome) -> None:
    for trace in (MANY, REWRITTEN):
        path = file_of(paired, trace, "sources*")
        path.unlink()
    assert paired.repair().ok
    for trace in (MANY, REWRITTEN):
        assert file_of(paired, trace, "sources*").name == "sources.1.jsonl.gz"
        lose(paired, trace)

    assert paired.repair().ok
    assert paired.problems() == set()
    assert paired.all_kept() == remembered.all_kept()


def test_another_traces_envelope_is_no_envelope(paired: KeptHome, remembered: KeptHome) -> None:
    other = file_of(paired, PLAIN, "trace.json").read_bytes()
    file_of(paired, MANY, "trace.json").write_bytes(other)

    done = paired.repair()

    assert done.ok
    assert (paired.bucket / done.aside[0]).read_bytes() == other
    assert paired.all_kept() == remembered.all_kept()


def test_one_that_says_what_its_files_do_not_is_made_again(
    paired: KeptHome, remembered: KeptHome
) -> None:
    envelope = traces_of(paired.path).envelope(PLAIN)
    header = envelope.header.but(steps=envelope.header.steps + 1)
    wrong = envelope.but(header=header)
    file_of(paired, PLAIN, "trace.json").write_bytes(encode(wrong))
    assert keeper_of(paired.path).verify(deep=False).ok

    assert paired.repair().ok
    assert paired.problems() == set()
    assert paired.all_kept() == remembered.all_kept()


def test_what_lies_beside_it_is_set_aside_and_not_cleaned_away(paired: KeptHome) -> None:
    folder = folder_of(paired.bucket, PLAIN)
    (folder / "source-7.zst").write_bytes(b"never listed")
    (folder / "steps.9.jsonl.gz").write_bytes(b"half written")
    lose(paired, PLAIN)

    done = paired.repair()

    assert done.ok
    aside = {
        (paired.bucket / path).name: (paired.bucket / path).read_bytes() for path in done.aside
    }
    assert aside["source-7.zst.0"] == b"never listed"
    assert aside["steps.9.jsonl.gz.0"] == b"half written"


def test_a_trace_that_was_never_committed_is_none(paired: KeptHome) -> None:
    folder = folder_of(paired.bucket, "00000000-0000-5000-8000-000000000000")
    folder.mkdir(parents=True)
    (folder / "source-0.zst").write_bytes(b"half written")
    before = paired.files()

    done = paired.repair()

    assert (done.ok, done.mended) == (True, ())
    assert paired.files() == before


def test_one_that_was_committed_and_cannot_be_made_again_is_named(paired: KeptHome) -> None:
    file_of(paired, PLAIN, "trace.json").unlink()
    file_of(paired, PLAIN, "sources*").unlink()
    progress = paired.path / "state" / "progress" / PLAIN[:2] / PLAIN
    progress.parent.mkdir(parents=True, exist_ok=True)
    progress.write_bytes(b"")

    done = paired.repair()

    [left] = done.left
    assert (left.trace, "cannot be made again" in left.text) == (PLAIN, True)


def test_a_list_that_names_files_elsewhere_is_not_followed(paired: KeptHome) -> None:
    path = file_of(paired, PLAIN, "sources*")
    rows = gzip.decompress(path.read_bytes())
    hostile = rows.replace(b'"file":"source-0.zst"', b'"file":"../../../../bucket.json"')
    assert hostile != rows
    path.write_bytes(gzip.compress(hostile))
    lose(paired, PLAIN)

    [left] = [each for each in paired.repair().left if each.path.endswith("trace.json")]

    assert "no file of a source" in left.text


def test_the_next_import_goes_on_from_it(paired: KeptHome) -> None:
    before = paired.kept(PLAIN)[1][0]
    lose(paired, PLAIN)
    paired.repair()

    with writer_of(paired.path).batch() as batch:
        edit = batch.edit(PLAIN, wait=True)
        assert edit.envelope is not None
        [source] = edit.envelope.header.sources
        edit.append_source(0, b"more\n")
        more = source.but(size=source.size + 5)
        edit.commit(edit.envelope.header.but(sources=(more,)))

    assert paired.problems() == set()
    assert paired.kept(PLAIN)[1] == (before + b"more\n",)


def test_it_does_not_matter_how_the_bytes_were_packed(
    paired: KeptHome, remembered: KeptHome
) -> None:
    pack_source(paired.path, MANY, 0)
    lose(paired, MANY)

    assert paired.repair().ok
    assert paired.all_kept() == remembered.all_kept()
