"""A bucket that somebody else wrote, in the hands of the whole program."""

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import zstandard
from click.testing import CliRunner

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.domain.ids import BlobId, blob_id, digest
from opentraces.entrypoints.cli.main import cli
from tests.contracts.samples import keep, named, step
from tests.integration.adapters.filesystem.forging import Forged
from tests.integration.adapters.filesystem.on_disk import keeper_of, writer_of
from tests.integration.cli.conftest import Call

SIZE = 512 * 1024 * 1024
MOST = 400 * 1024 * 1024
"""Bytes that reading may take: one run of 128 MB, which may be copied once, and the program."""

ZEROS = bytes(1024 * 1024)
STEPS, SOURCE = "steps.jsonl.gz", "source-0.zst"


class Bombs(NamedTuple):
    """Few bytes that stand for 512 MB."""

    member: bytes
    """As one gzip member."""

    frame: bytes
    """As one zstd frame that says how much it holds."""

    silent: bytes
    """As one zstd frame that does not."""

    liar: bytes
    """As one zstd frame that says that it holds 64 KB."""


@pytest.fixture(scope="session")
def bombs() -> Bombs:
    member = io.BytesIO()
    frame = zstandard.ZstdCompressor().compressobj(size=SIZE)
    silent = zstandard.ZstdCompressor().compressobj()
    frames, silents = [], []
    with gzip.GzipFile(fileobj=member, mode="wb", compresslevel=1) as file:
        for _ in range(SIZE // len(ZEROS)):
            file.write(ZEROS)
            frames.append(frame.compress(ZEROS))
            silents.append(silent.compress(ZEROS))
    return Bombs(
        member.getvalue(),
        b"".join([*frames, frame.flush()]),
        b"".join([*silents, silent.flush()]),
        _liar(),
    )


def _liar() -> bytes:
    """Return a frame by hand: a header that says 64 KB, and blocks that repeat one byte."""
    block = 128 * 1024
    more, last = (((block << 3) | (1 << 1) | end).to_bytes(3, "little") + b"x" for end in (0, 1))
    header = bytes.fromhex("28b52ffd") + b"\xa0" + (65536).to_bytes(4, "little")
    return header + more * (SIZE // block - 1) + last


def _headless(forged: Forged, file: str, stored: bytes) -> None:
    """Let the envelope be lost, so that what a file holds has to be found out."""
    (forged.folder / file).write_bytes(stored)
    forged.seal(b"{")


def _blob(bombs: Bombs, forged: Forged, blob: BlobId) -> None:
    """Let the second source be a blob of which only the name is known."""
    stored = bombs.silent
    place = forged.folder.parents[3] / "blobs" / "v1" / blob[:2] / f"{blob}.zst"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(stored)
    ref = {"blob": blob, "size": 7, "stored": len(stored), "digest": digest(stored)}
    spilled = {"kind": "output", "name": "out.txt", "location": "/x", "size": 7, "blob": ref}
    forged.change(lambda said: said["header"]["sources"].append(spilled))


def _endless(forged: Forged) -> None:
    """Let a source have one run of a terabyte, that takes no room on the disk."""
    forged.put(SOURCE, b"", plain=37, stored=2**40)
    _stretch(forged.folder / SOURCE)


def _stretch(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(2**40)


Forging = Callable[[Bombs, Forged], None]
READ, RESTORED = (4, 0), (0, 4)
"""Exit codes of `trace get` and `trace restore`."""

FORGED: dict[str, tuple[Forging, tuple[int, int]]] = {
    "member of more than is said": (lambda b, f: f.put(STEPS, b.member, plain=10), READ),
    "member of as much as is said": (lambda b, f: f.put(STEPS, b.member, plain=SIZE), (4, 4)),
    "large member within the limits": (lambda b, f: f.put(STEPS, b.member, plain=2**27), READ),
    "member of less than nothing": (lambda b, f: f.put(STEPS, b.member, plain=-1), (4, 4)),
    "frame of more than is said": (lambda b, f: f.put(SOURCE, b.frame, plain=37), RESTORED),
    "frame of as much as is said": (lambda b, f: f.put(SOURCE, b.frame, plain=SIZE), (4, 4)),
    "large frame within the limits": (lambda b, f: f.put(SOURCE, b.frame, plain=2**27), RESTORED),
    "frame that does not say": (lambda b, f: f.put(SOURCE, b.silent, plain=37), RESTORED),
    "frame that lies": (lambda b, f: f.put(SOURCE, b.liar, plain=65536), RESTORED),
    "blob of more than is said": (lambda b, f: _blob(b, f, blob_id(b"a")), RESTORED),
    "run of a terabyte": (lambda _, f: _endless(f), (4, 4)),
    "envelope of a terabyte": (lambda _, f: _stretch(f.folder / "trace.json"), (4, 4)),
    "very many steps": (lambda _, f: f.change(lambda s: s["header"].update(steps=2**52)), (0, 0)),
    "member without an envelope": (lambda b, f: _headless(f, STEPS, b.member), (4, 4)),
    "frame without an envelope": (lambda b, f: _headless(f, SOURCE, b.liar), (4, 4)),
    "deep envelope": (lambda _, f: f.seal(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), (4, 4)),
}

SESSIONS = {"member without an envelope": "a"}
"""Whose session a trace is proven to be, by the name of its source."""


class Read(NamedTuple):
    """What became of reading all of it."""

    codes: dict[str, tuple[int | str, int | str]]
    """Of `trace get` and `trace restore`, by what was forged; "whole" is of a good trace."""

    verify: int | str
    """Of `bucket verify --deep`."""

    found: int | str
    """Of a search, which makes the index anew."""

    cared: tuple[int | str, ...]
    """Of `bucket status`, `gc`, `snapshot` and `repair`."""

    damaged: set[str]
    """What was forged, of the traces that `verify` named."""

    most: int
    """Bytes of memory that it took."""


@pytest.fixture(scope="session")
def read(bombs: Bombs, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Read a bucket of forged traces and a good one."""
    home = tmp_path_factory.mktemp("hostile")
    keeper_of(home).prepare()
    FilesystemBlobStore(home / "bucket").put([b"unused"])
    traces = {what: named(SESSIONS.get(what, what)) for what in ("whole", *FORGED)}
    for trace in traces.values():
        keep(writer_of(home), trace, step(1))
    environment = {"HOME": str(home), "OPENTRACES_HOME": str(home)}
    assert CliRunner(env=environment).invoke(cli, ["trace", "query"]).exit_code == 0
    for what, (forge, _) in FORGED.items():
        forge(bombs, Forged(home / "bucket", traces[what]))
    shutil.rmtree(home / "index")
    back = home / "back"
    commands = [["bucket", "verify", "--deep", "--json"]]
    for trace in traces.values():
        commands.append(["trace", "get", trace])
        commands.append(["trace", "restore", trace, "--to", str(back / trace)])
    commands += [["trace", "query", "said"], ["bucket", "status"], ["bucket", "gc", "--dry-run"]]
    commands += [
        ["bucket", "snapshot", "--to", str(tmp_path_factory.mktemp("copy"))],
        ["bucket", "repair"],
    ]
    run = subprocess.run(
        [sys.executable, "-m", "tests.integration.hostile.measured", json.dumps(commands)],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=True,
        timeout=300,
    )
    told = json.loads(run.stdout)
    verify, *codes, found, counted, collected, copied, repaired = told["codes"]
    pairs = dict(zip(traces, zip(codes[::2], codes[1::2], strict=True), strict=True))
    problems = json.loads(told["outputs"][0])["problems"]
    whats = {trace: what for what, trace in traces.items()}
    damaged = {whats[each["trace_id"]] for each in problems}
    return Read(pairs, verify, found, (counted, collected, copied, repaired), damaged, told["most"])


@pytest.mark.parametrize("what", FORGED)
def test_forged_trace_is_damage_where_it_is_read(read: Read, what: str) -> None:
    assert read.codes[what] == FORGED[what][1]


def test_every_forged_trace_is_named_and_hides_no_other(read: Read) -> None:
    assert (read.verify, read.damaged) == (1, set(FORGED))
    assert read.found == 0
    assert read.codes["whole"] == (0, 0)
    assert read.cared == (0, 0, 5, 1)  # what claims terabytes fits into no copy


def test_no_bomb_takes_more_memory_than_one_run(read: Read) -> None:
    assert read.most < MOST, read.most


LEAVING = {
    "the folder above": ("../x", 4),
    "folders above": ("a/../../../x", 4),
    "the folder itself": (".", 4),
    "an absolute path": ("{home}/x", 4),
    "a hidden file": (".ssh/authorized_keys", 4),
    "a hidden folder deeper down": ("a/.git/hooks/post-commit", 4),
    "NUL": ("a\0b", 4),
    "a line end": ("a\nb", 4),
    "an escape": ("a\x1b]52;c;x\x07b", 4),
    "nothing": ("", 4),
    "too much": ("x" * 5000, 5),
    "a link to a folder": ("linked/x", 5),
    "a link to a file": ("link", 2),
    "a link to nowhere": ("dangling", 2),
    "a file as a folder": ("file/x", 5),
    "what is there": ("file", 2),
}


@pytest.mark.parametrize(("name", "code"), LEAVING.values(), ids=LEAVING)
def test_restore_writes_nothing_outside_of_its_folder(
    home: Path, call: Call, name: str, code: int
) -> None:
    trace, back = named("a"), home / "back"
    keep(writer_of(home / ".opentraces"), trace, step(1))
    keeper_of(home / ".opentraces").prepare()
    back.mkdir()
    (home / "outside").mkdir()
    (home / "secret").write_text("secret")
    (back / "file").write_text("of the user")
    (back / "linked").symlink_to(home / "outside")
    (back / "link").symlink_to(home / "secret")
    (back / "dangling").symlink_to(home / "nothing")
    said = name.replace("{home}", str(home))
    forged = Forged(home / ".opentraces" / "bucket", trace)
    forged.change(lambda envelope: envelope["header"]["sources"][0].update(name=said))
    before = _names(home)

    result = call("trace", "restore", trace, "--to", str(back))

    assert result.exit_code == code, result.output
    assert _names(home) == before
    assert (back / "file").read_text() == "of the user"
    assert (home / "secret").read_text() == "secret"


def _names(home: Path) -> set[str]:
    state = home / ".opentraces"
    return {str(path) for path in home.rglob("*") if not path.is_relative_to(state)}


def test_restore_tells_names_apart_as_the_medium_does(home: Path, call: Call) -> None:
    """Names that differ in case, or in how a letter is composed, are two files or an error."""
    trace = named("a")
    keep(writer_of(home / ".opentraces"), trace, step(1))
    keeper_of(home / ".opentraces").prepare()
    forged = Forged(home / ".opentraces" / "bucket", trace)
    names = ["a", "A", "\u00e9", "e\u0301", "\u0430", "con", "CON.txt", "aux:x", "a\\..\\b", "a "]

    def rename(said: Any) -> None:
        blob = FilesystemBlobStore(home / ".opentraces" / "bucket").put([b"spilled"]).as_json()
        kind = {"kind": "output", "location": "/x", "size": 7, "blob": blob}
        said["header"]["sources"] = [{**kind, "name": name} for name in names]

    forged.change(rename)

    assert call("trace", "restore", trace, "--to", str(home / "back")).exit_code == 0
    assert sorted(path.name for path in (home / "back").iterdir()) == sorted(names)
