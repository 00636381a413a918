"""`bucket repair`, as it is typed."""

from pathlib import Path

import pytest

from tests.integration.adapters.filesystem.later import make_bucket_later
from tests.integration.cli.conftest import Call, Document


@pytest.fixture
def damaged(kept: Path, trace: str) -> Path:
    """The steps of a trace are gone."""
    path = kept / "bucket" / "traces" / "v1" / trace[:2] / trace / "steps.jsonl.gz"
    path.write_bytes(b"damaged")
    return path


def test_a_whole_bucket_is_ok(kept: Path, call: Call) -> None:
    said = call("bucket", "repair")

    assert (said.exit_code, said.stdout[:4], said.stderr) == (0, "ok  ", "")


def test_verify_says_what_to_do_then_it_is_done(damaged: Path, call: Call) -> None:
    told = call("bucket", "verify")
    assert (told.exit_code, "opentraces bucket repair --dry-run" in told.stdout) == (1, True)

    foretold = call("bucket", "repair", "--dry-run")
    assert (foretold.exit_code, foretold.stdout.splitlines()[-1]) == (
        1,
        "Next      opentraces bucket repair",
    )
    assert damaged.read_bytes() == b"damaged"

    done = call("bucket", "repair")
    assert (done.exit_code, "made again from the kept bytes" in done.stdout) == (0, True)
    assert not damaged.exists()
    assert "1 thing in quarantine" in call("bucket", "verify").stdout


def test_what_is_left_ends_with_1(kept: Path, trace: str, call: Call) -> None:
    for name in ("trace.json", "sources.jsonl.gz"):
        (kept / "bucket" / "traces" / "v1" / trace[:2] / trace / name).write_bytes(b"damaged")

    said = call("bucket", "repair")

    assert said.exit_code == 1
    assert "Left      " in said.stdout
    assert trace in said.stdout


def test_searches_find_what_was_mended(damaged: Path, call: Call, document: Document) -> None:
    before = document("trace", "query", "calc")
    call("bucket", "repair")

    after = document("trace", "query", "calc")

    assert after["total"] == before["total"] > 0


def test_a_later_releases_bucket_is_left_to_it(kept: Path, damaged: Path, call: Call) -> None:
    make_bucket_later(kept / "bucket")

    said = call("bucket", "repair", "--reproject")

    assert (said.exit_code, "later release" in said.stderr) == (5, True)
    assert damaged.read_bytes() == b"damaged"
