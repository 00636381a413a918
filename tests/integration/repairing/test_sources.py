"""Bytes of a session's file that were damaged, and come back from the agent's own file."""

import gzip
import json
import os

import pytest

from opentraces.adapters.memory.sessions import MemorySessions
from opentraces.domain.ids import TraceId
from tests.integration.adapters.filesystem.on_disk import traces_of, writer_of
from tests.integration.adapters.filesystem.test_format import folder_of
from tests.integration.repairing.harm import flipped
from tests.integration.repairing.kept_home import KeptHome
from tests.integration.repairing.kept_traces import HOOKS, MANY, OUTPUT, PLAIN, REWRITTEN
from tests.integration.repairing.packing import pack_blob, pack_source


def damage(home: KeptHome, trace: TraceId, file: str, place: int = 50) -> bytes:
    """Flip a bit; returns the damaged bytes."""
    path = folder_of(home.bucket, trace) / file
    path.write_bytes(flipped(path.read_bytes(), place))
    return path.read_bytes()


def last_rows(home: KeptHome, trace: TraceId) -> list[dict[str, object]]:
    """Return the rows of the list of sources."""
    [path] = folder_of(home.bucket, trace).glob("sources*")
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


class TestPackedDifferently:
    def test_the_file_is_written_anew_beside_the_damaged_one(
        self, paired: KeptHome, remembered: KeptHome
    ) -> None:
        pack_source(paired.path, MANY, 0)
        assert paired.problems() == set()
        damaged = damage(paired, MANY, "source-0.zst")

        done = paired.repair()

        assert done.ok
        assert "stored in other bytes" in done.mended[0].text
        assert paired.problems() == set()
        assert paired.all_kept() == remembered.all_kept()
        names = {path.name for path in folder_of(paired.bucket, MANY).iterdir()}
        assert "source-0.1.zst" in names
        assert "source-0.zst" not in names
        assert last_rows(paired, MANY)[-1]["file"] == "source-0.1.zst"
        assert (paired.bucket / done.aside[0]).read_bytes() == damaged
        assert paired.repair().mended == ()

    def test_runs_that_are_whole_stay_as_they_were_stored(self, paired: KeptHome) -> None:
        pack_source(paired.path, MANY, 0)
        path = folder_of(paired.bucket, MANY) / "source-0.zst"
        first, second = traces_of(paired.path).envelope(MANY).files["source-0.zst"].members
        whole = path.read_bytes()[first.stored : first.stored + second.stored]
        damage(paired, MANY, "source-0.zst")

        paired.repair()

        anew = (folder_of(paired.bucket, MANY) / "source-0.1.zst").read_bytes()
        assert anew.endswith(whole)

    def test_it_goes_on_under_its_new_name_and_may_be_damaged_again(
        self, paired: KeptHome, remembered: KeptHome
    ) -> None:
        pack_source(paired.path, PLAIN, 0)
        damage(paired, PLAIN, "source-0.zst")
        paired.repair()
        [before] = remembered.kept(PLAIN)[1]

        with writer_of(paired.path).batch() as batch:
            edit = batch.edit(PLAIN, wait=True)
            assert edit.envelope is not None
            header = edit.envelope.header
            [source] = header.sources
            more = source.but(size=source.size + 5)
            edit.append_source(0, b"more\n")
            edit.commit(header.but(sources=(more,)))
        assert paired.problems() == set()
        assert paired.kept(PLAIN)[1] == (before + b"more\n",)

        pack_source(paired.path, PLAIN, 0)
        paired.agent = MemorySessions(contents={source.location: before + b"more\n"})
        damage(paired, PLAIN, "source-0.1.zst")
        assert paired.repair().ok
        assert (folder_of(paired.bucket, PLAIN) / "source-0.2.zst").exists()
        assert paired.kept(PLAIN)[1] == (before + b"more\n",)

    def test_its_envelope_can_be_made_again(self, paired: KeptHome, remembered: KeptHome) -> None:
        pack_source(paired.path, MANY, 0)
        damage(paired, MANY, "source-0.zst")
        paired.repair()
        damage(paired, MANY, "trace.json")

        assert paired.repair().ok
        assert paired.all_kept() == remembered.all_kept()

    def test_steps_are_made_from_it_when_they_are_damaged_too(
        self, paired: KeptHome, remembered: KeptHome
    ) -> None:
        pack_source(paired.path, MANY, 0)
        damage(paired, MANY, "source-0.zst")
        [steps] = folder_of(paired.bucket, MANY).glob("steps*")
        steps.unlink()

        assert paired.repair().ok
        assert paired.problems() == set()
        assert paired.all_kept() == remembered.all_kept()

    def test_a_blob_gets_another_reference(self, paired: KeptHome, remembered: KeptHome) -> None:
        blob = traces_of(paired.path).envelope(MANY).header.sources[OUTPUT].blob
        assert blob is not None
        path = pack_blob(paired.path, blob.blob)
        assert paired.problems() == set()
        path.write_bytes(flipped(path.read_bytes(), 50))

        assert paired.repair().ok
        assert paired.problems() == set()
        assert paired.all_kept() == remembered.all_kept()


class TestTheAgentsFile:
    def test_only_the_lost_bytes_must_be_in_it(
        self, paired: KeptHome, remembered: KeptHome
    ) -> None:
        envelope = traces_of(paired.path).envelope(MANY)
        first, _ = envelope.source_members(0)
        kept = remembered.kept(MANY)[1][0]
        location = envelope.header.sources[0].location
        paired.agent = MemorySessions(contents={location: kept[: first.plain] + b"rewritten"})
        damage(paired, MANY, "source-0.zst")

        assert paired.repair().ok
        assert paired.all_kept() == remembered.all_kept()

    def test_other_bytes_are_not_taken(self, paired: KeptHome) -> None:
        location = traces_of(paired.path).envelope(PLAIN).header.sources[0].location
        paired.agent.replace(location, b"x" * 1_000_000)
        damage(paired, PLAIN, "source-0.zst")
        before = paired.files()

        done = paired.repair()

        assert [each.trace for each in done.left] == [PLAIN]
        assert paired.files() == before

    def test_what_was_rewritten_is_lost_with_the_bucket(self, paired: KeptHome) -> None:
        damage(paired, REWRITTEN, "source-0.zst")

        [left] = paired.repair().left

        assert left.path.endswith("source-0.zst")
        assert "lost" in left.text

    def test_what_hooks_wrote_down_is_nowhere_else(self, paired: KeptHome) -> None:
        location = traces_of(paired.path).envelope(MANY).header.sources[HOOKS].location
        paired.agent.replace(location, paired.kept(MANY)[1][HOOKS])
        damage(paired, MANY, f"source-{HOOKS}.zst")

        [left] = paired.repair().left

        assert "hooks" in left.text

    def test_the_lost_bytes_are_named_and_the_rest_can_be_read(self, alone: KeptHome) -> None:
        envelope = traces_of(alone.path).envelope(MANY)
        first, second = envelope.source_members(0)
        damage(alone, MANY, "source-0.zst", first.stored + 50)

        [left] = alone.repair().left

        assert f"bytes {first.plain:,} to {first.plain + second.plain:,} of " in left.text
        traces = traces_of(alone.path)
        assert len(list(traces.steps(envelope, 1, None))) == envelope.header.steps
        assert len(next(traces.source(envelope, 0, 0))) == first.plain

    def test_steps_stay_where_what_they_are_made_from_is_lost(self, alone: KeptHome) -> None:
        damage(alone, MANY, "source-0.zst")
        [steps] = folder_of(alone.bucket, MANY).glob("steps*")
        damage(alone, MANY, steps.name)
        before = alone.files()

        done = alone.repair()

        assert {each.path.rpartition("/")[2] for each in done.left} == {"source-0.zst", steps.name}
        assert alone.files() == before

    def test_steps_are_made_again_though_what_was_rewritten_is_lost(
        self, alone: KeptHome, forgotten: KeptHome
    ) -> None:
        damage(alone, REWRITTEN, "source-0.zst")
        [steps] = folder_of(alone.bucket, REWRITTEN).glob("steps*")
        steps.unlink()

        done = alone.repair()

        assert [each.path.rpartition("/")[2] for each in done.left] == ["source-0.zst"]
        envelope = traces_of(alone.path).envelope(REWRITTEN)
        assert len(list(traces_of(alone.path).steps(envelope, 1, None))) == envelope.header.steps

    def test_a_run_that_the_disk_does_not_give_is_taken_from_it(
        self, paired: KeptHome, remembered: KeptHome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = os.pread
        broken = (folder_of(paired.bucket, PLAIN) / "source-0.zst").stat().st_ino

        def refuse(descriptor: int, length: int, offset: int) -> bytes:
            if os.fstat(descriptor).st_ino == broken:
                raise OSError(5, "Input/output error")
            return read(descriptor, length, offset)

        monkeypatch.setattr(os, "pread", refuse)

        assert paired.repair().ok
        assert paired.problems() == set()
        assert paired.all_kept() == remembered.all_kept()


def test_what_is_written_has_our_permissions(paired: KeptHome) -> None:
    damage(paired, PLAIN, "source-0.zst")

    paired.repair()

    modes = {path: path.stat().st_mode & 0o777 for path in paired.bucket.rglob("*")}
    folders = {path for path in modes if path.is_dir()}
    assert {modes[path] for path in folders if "quarantine" in path.parts} == {0o700}
    assert modes[folder_of(paired.bucket, PLAIN) / "source-0.zst"] == 0o600
