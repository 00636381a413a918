"""Two releases of the package side by side, over one home and files that grow."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import opentraces
from tests.integration.program.machine import Machine, tree

PACKAGE = Path(opentraces.__path__[0])
DATA = Path(__file__).parents[2] / "data" / "claude-code" / "live"
STAGES = 5

CHANGES = {
    "__init__.py": ('__version__ = "0.1.0"', '__version__ = "0.2.0"'),
    "adapters/tantivy_index/schema.py": (
        "FINGERPRINT: Final = digest(",
        'FINGERPRINT: Final = digest(b"other" + ',
    ),
    "adapters/filesystem/progress.py": ('b"opentraces.progress/2 "', 'b"opentraces.progress/9 "'),
    "adapters/sqlite_ledger/database.py": ("_VERSION = 2", "_VERSION = 9"),
    "adapters/sqlite_trail_index/database.py": ("_VERSION = 2", "_VERSION = 9"),
}
"""What makes another release of this one: all that it derives is of another form."""


LATER = CHANGES | {
    "__init__.py": ('__version__ = "0.1.0"', '__version__ = "0.3.0"'),
    "adapters/filesystem/bucket_file.py": (
        'BUCKET_FORMAT: Final = f"{_FAMILY}1"',
        'BUCKET_FORMAT: Final = f"{_FAMILY}2"',
    ),
}
"""What makes a later one of it, whose buckets this one may only read."""


@dataclass(frozen=True)
class Released(Machine):
    """One user's machine, on which one release of the package is called."""

    packages: Path = Path()

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"PYTHONPATH": str(self.packages)}

    def grow(self, stage: int) -> None:
        """Let agent and hooks have written so many fifths of all that they will."""
        for path in sorted((DATA / "projects").rglob("*.*")):
            data = path.read_bytes()
            there = self.claude / path.relative_to(DATA)
            there.parent.mkdir(parents=True, exist_ok=True)
            is_whole = path.suffix != ".jsonl"
            there.write_bytes(data if is_whole else data[: len(data) * stage // STAGES])
        for path in sorted((DATA / "spool").rglob("*.jsonl")):
            lines = path.read_bytes().splitlines(keepends=True)
            first, last = (len(lines) * each // STAGES for each in (stage - 1, stage))
            there = self.home / path.relative_to(DATA)
            there.parent.mkdir(parents=True, exist_ok=True)
            with there.open("ab") as file:
                file.write(b"".join(lines[first:last]))


def make_release(folder: Path, changes: Mapping[str, tuple[str, str]]) -> Path:
    """Copy the package with what is compiled of it, and change it; returns the folder it is in."""
    ignored = shutil.ignore_patterns("sample")
    shutil.copytree(PACKAGE, folder / "opentraces", ignore=ignored)
    for name, (before, after) in changes.items():
        module = folder / "opentraces" / name
        text = module.read_text()
        assert text.count(before) == 1, name
        module.write_text(text.replace(before, after))
    return folder


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders in which two releases of the package are."""
    old, new = tmp_path_factory.mktemp("0.1.0"), tmp_path_factory.mktemp("0.2.0")
    return make_release(old, {}), make_release(new, CHANGES)


@pytest.fixture(scope="session")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a release is that makes buckets of a later format."""
    return make_release(tmp_path_factory.mktemp("0.3.0"), LATER)


def machine_of(root: Path, packages: Path) -> Released:
    return Released(root / "machine", root / "claude", packages=packages)


def run_stages(root: Path, order: Sequence[Path]) -> list[dict[str, list[str]]]:
    """Import stage by stage, each time by the next release; returns what was found each time."""
    found = []
    for stage in range(1, STAGES + 1):
        machine = machine_of(root, order[stage - 1])
        machine.grow(stage)
        assert machine.json("import", "--all")["failed"] == []
        found.append(all_found(machine_of(root, order[stage % STAGES])))
    return found


def all_found(machine: Machine) -> dict[str, list[str]]:
    """By some words, the traces that are found: where in them depends on what else is there."""
    return {
        word: sorted(hit["trace_id"] for hit in machine.json("trace", "query", word)["hits"])
        for word in ("table", "story", "tool:Bash")
    }


def test_they_are_two(releases: tuple[Path, Path], tmp_path: Path) -> None:
    said = [machine_of(tmp_path, packages).run("--version")[1] for packages in releases]

    assert said == [b"opentraces 0.1.0\n", b"opentraces 0.2.0\n"]


def test_in_turns_they_keep_what_one_alone_keeps(
    releases: tuple[Path, Path], tmp_path: Path
) -> None:
    old, new = releases

    in_turns = run_stages(tmp_path / "turns", (old, new, old, new, old))
    alone = run_stages(tmp_path / "alone", (old,) * STAGES)

    assert in_turns == alone
    both, one = machine_of(tmp_path / "turns", old), machine_of(tmp_path / "alone", old)
    assert both.records() == one.records()
    assert machine_of(tmp_path / "turns", new).records() == one.records()
    assert both.restored() == one.restored()
    assert both.json("usage", "--by", "session") == one.json("usage", "--by", "session")
    assert both.json("bucket", "verify", "--deep")["ok"]
    assert machine_of(tmp_path / "turns", new).json("import", "--all")["kept"] == 0
    assert not list(both.home.rglob("dirty/*"))


def test_what_both_write_at_once_is_kept_whole(releases: tuple[Path, Path], tmp_path: Path) -> None:
    machines = [machine_of(tmp_path, packages) for packages in releases]
    for stage in range(1, STAGES + 1):
        machines[0].grow(stage)
        runs = [machine.start("import", "--all") for machine in machines for _ in range(2)]
        for run in runs:
            _, errors = run.communicate(timeout=300)
            assert run.returncode == 0, errors

    alone = machine_of(tmp_path / "alone", releases[0])
    shutil.copytree(machines[0].claude, alone.claude)
    shutil.copytree(DATA / "spool", alone.home / "spool")
    alone.json("import", "--all")
    assert machines[0].records() == alone.records()
    assert machines[0].restored() == alone.restored()
    assert machines[1].json("bucket", "verify", "--deep")["ok"]


def test_another_release_in_the_place_of_one_finds_everything(
    releases: tuple[Path, Path], tmp_path: Path
) -> None:
    packages = tmp_path / "installed"
    shutil.copytree(releases[0], packages)
    machine = machine_of(tmp_path, packages)
    machine.grow(1)
    machine.json("import", "--all")
    before = machine.records()

    shutil.rmtree(packages)
    shutil.copytree(releases[1], packages)

    assert machine.records() == before


def test_what_one_deletes_and_cleans_the_other_misses_not(
    releases: tuple[Path, Path], tmp_path: Path
) -> None:
    old, new = (machine_of(tmp_path, packages) for packages in releases)
    old.grow(STAGES)
    old.json("import", "--all")
    gone, *left = old.trace_ids()

    new.json("trace", "delete", gone, "--yes")
    assert old.trace_ids() == left
    assert gone not in [hit["trace_id"] for hit in old.json("trace", "query", "table")["hits"]]
    (skipped,) = old.json("import", "--all")["skipped"]
    assert "deleted" in skipped["reason"]
    old.json("bucket", "gc")
    new.json("bucket", "repair")

    assert new.trace_ids() == left
    assert old.records() == new.records()
    assert old.json("bucket", "verify", "--deep")["ok"]


def test_one_cleans_mends_and_searches_while_the_other_keeps(
    releases: tuple[Path, Path], tmp_path: Path
) -> None:
    old, new = (machine_of(tmp_path, packages) for packages in releases)
    old.home.mkdir(parents=True)
    (old.home / "config.toml").write_text("[gc]\ngrace_days = 0\n")
    for stage in range(1, STAGES + 1):
        old.grow(stage)
        runs = [
            old.start("import", "--all"),
            new.start("bucket", "gc"),
            new.start("trace", "query", "table"),
            new.start("bucket", "repair"),
        ]
        for run in runs:
            _, errors = run.communicate(timeout=300)
            assert run.returncode == 0, (run.args, errors)

    old.json("import", "--all")
    alone = machine_of(tmp_path / "alone", releases[0])
    shutil.copytree(old.claude, alone.claude)
    shutil.copytree(DATA / "spool", alone.home / "spool")
    alone.json("import", "--all")
    assert new.records() == alone.records()
    assert old.restored() == alone.restored()
    assert old.json("bucket", "verify", "--deep")["ok"]


def test_what_a_later_one_made_is_read_and_never_written_to(
    releases: tuple[Path, Path], later: Path, tmp_path: Path
) -> None:
    old, new = machine_of(tmp_path, releases[0]), machine_of(tmp_path, later)
    new.grow(1)
    new.json("import", "--all")
    records, bucket = new.records(), tree(new.bucket)
    new.grow(2)
    trace = new.trace_ids()[0]

    for words in (
        ("import", "--all"),
        ("ingest",),
        ("trace", "delete", trace, "--yes"),
        ("bucket", "repair"),
        ("bucket", "gc"),
        ("bucket", "snapshot", "--to", str(tmp_path / "copy")),
        ("usage",),
    ):
        code, out, errors = old.run(*words)
        assert (code, out) == (5, b""), words
        assert b"bucket.json was written by a later release: opentraces.bucket/2" in errors
        assert b"upgrade opentraces" in errors

    assert tree(new.bucket) == bucket
    assert {each: old.run("trace", "get", each, "--json")[1] for each in records} == records
    assert {hit["trace_id"] for hit in old.json("trace", "query", "table")["hits"]}
    for stage in range(3, STAGES + 1):
        new.grow(stage)
    assert new.json("import", "--all")["failed"] == []
    alone = machine_of(tmp_path / "alone", later)
    shutil.copytree(new.claude, alone.claude)
    shutil.copytree(DATA / "spool", alone.home / "spool")
    alone.json("import", "--all")
    assert new.records() == alone.records()
    assert new.json("bucket", "verify", "--deep")["ok"]
