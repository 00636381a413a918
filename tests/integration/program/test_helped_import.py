"""An import with a helper, in a process of its own, beside one without."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import opentraces
from benchmarks.corpus.making import make_corpus
from benchmarks.corpus.plan import CorpusPlan
from opentraces.application.import_sessions import ImportSessions
from opentraces.application.imported import Imported
from opentraces.application.keep_batch import BatchOrder, KeptBatch
from opentraces.application.sharing import ImportHelper
from opentraces.domain.session import Scope
from opentraces.entrypoints.container import helping, keeping
from opentraces.entrypoints.settings import Settings
from opentraces.ports.helper import Helper
from tests.integration.program.machine import Machine

SESSIONS = 100
"""Three batches and more."""


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("crowd")
    make_corpus(root, CorpusPlan(sessions=SESSIONS, megabytes=2, seed=5), processes=1)
    return root


class Watched(Helper[BatchOrder, KeptBatch]):
    """A helper, and how many sessions it kept."""

    def __init__(self, helper: ImportHelper) -> None:
        self.helper = helper
        self.kept = 0

    def begin(self, take: Callable[[], BatchOrder | None]) -> None:
        self.helper.begin(take)

    def done(self, *, wait: bool):  # type: ignore[no-untyped-def]
        for order, kept in self.helper.done(wait=wait):
            self.kept += len(kept.taken) if kept is not None else 0
            yield order, kept

    def close(self) -> None:
        self.helper.close()


def ran(machine: Machine, helpers: Callable[[Settings], list[Watched]]) -> Imported:
    settings = Settings.from_environment(machine.environment)
    imports: ImportSessions = keeping.import_sessions(settings)
    helped = replace(imports, helpers=lambda: helpers(settings), shared_from=0)
    return helped.execute(Scope())


def test_keeps_what_an_import_alone_keeps(
    crowd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(opentraces.__path__[0]).parent))
    monkeypatch.setattr("opentraces.entrypoints.container.helping.processors", lambda: 2)
    alone, shared = Machine(tmp_path / "alone", crowd), Machine(tmp_path / "shared", crowd)
    watched = list[Watched]()

    def helpers(settings: Settings) -> list[Watched]:
        watched.extend(Watched(helper) for helper in helping.import_helpers(settings))
        return watched

    expected = ran(alone, lambda settings: [])
    done = ran(shared, helpers)

    [helper] = watched
    assert 0 < helper.kept < expected.kept
    assert done == expected
    assert shared.records() == alone.records()
    assert shared.restored() == alone.restored()
    assert shared.json("bucket", "verify", "--deep")["ok"]
    assert shared.json("import", "--all")["unchanged"] == expected.kept
    for query in ("error", "the file", "tool:Edit"):
        assert hits(shared, query) == hits(alone, query)


def hits(machine: Machine, query: str) -> set[str]:
    found = machine.json("trace", "query", query, "--limit", "1000")["hits"]
    return {hit["trace_id"] for hit in found}
