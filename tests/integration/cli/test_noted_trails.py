"""What sessions did to files is noted by commands that keep them, and again when that is lost."""

import stat
from pathlib import Path

import pytest

from opentraces.adapters.sqlite_trail_index.index import SqliteTrailIndex
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.noted import NotedTrace
from opentraces.entrypoints.cli.freshness import bring_trails_up_to_date
from opentraces.entrypoints.container.noting import is_behind, trail_index
from opentraces.entrypoints.settings import Settings
from tests.integration.cli.conftest import Call, Document


@pytest.fixture
def settings(home: Path, trace: str) -> Settings:
    """Of a home with the sessions of `kept`."""
    return Settings.from_environment()


@pytest.fixture
def trails(settings: Settings) -> SqliteTrailIndex:
    return trail_index(settings)


def noted(trails: SqliteTrailIndex, trace: str) -> NotedTrace | None:
    return trails.known([TraceId(trace)]).get(TraceId(trace))


def test_an_import_notes_trails(settings: Settings, trails: SqliteTrailIndex, trace: str) -> None:
    kept = noted(trails, trace)

    assert kept is not None
    assert kept.paths
    assert kept.first > 0
    assert trails.is_complete()
    assert not is_behind(settings)
    assert stat.S_IMODE((settings.state / "trails.sqlite").stat().st_mode) == 0o600


def test_what_is_lost_is_noted_anew_by_the_next_question(
    settings: Settings, trails: SqliteTrailIndex, trace: str
) -> None:
    before = noted(trails, trace)
    (settings.state / "trails.sqlite").unlink()
    assert is_behind(settings)
    assert noted(trails, trace) is None

    bring_trails_up_to_date(settings)

    assert noted(trails, trace) == before
    assert not is_behind(settings)


def test_what_is_lost_is_missed_and_mended_by_doctor(
    settings: Settings, trails: SqliteTrailIndex, trace: str, call: Call, document: Document
) -> None:
    before = noted(trails, trace)
    (settings.state / "trails.sqlite").write_bytes(b"x" * 9000)

    said = [check for check in document("doctor")["checks"] if "not noted" in check["text"]]
    assert [check["topic"] for check in said] == ["index"]
    call("doctor", "--fix")

    assert noted(trails, trace) == before


def test_a_reprojection_leaves_trails_noted(
    settings: Settings, trails: SqliteTrailIndex, trace: str, call: Call
) -> None:
    before = noted(trails, trace)

    assert call("bucket", "repair", "--reproject").exit_code == 0

    after = noted(trails, trace)
    assert before is not None
    assert after is not None
    assert (after.paths, after.first) == (before.paths, before.first)
    assert not is_behind(settings)


def test_a_trace_that_is_deleted_is_not_noted_any_more(
    trails: SqliteTrailIndex, trace: str, call: Call
) -> None:
    assert call("trace", "delete", trace, "--yes").exit_code == 0

    assert noted(trails, trace) is None
