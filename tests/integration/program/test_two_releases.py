"""Two releases of the package side by side, over one home and files that grow."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import opentraces
from tests.integration.program.machine import Machine

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
    "adapters/sqlite_ledger/database.py": ("_VERSION = 1", "_VERSION = 9"),
}
"""What makes another release of this one: all that it derives is of another form."""


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


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders in which two releases of the package are."""
    old, new = tmp_path_factory.mktemp("0.1.0"), tmp_path_factory.mktemp("0.2.0")
    for folder in (old, new):
        ignored = shutil.ignore_patterns("__pycache__", "sample")
        shutil.copytree(PACKAGE, folder / "opentraces", ignore=ignored)
    for name, (before, after) in CHANGES.items():
        module = new / "opentraces" / name
        text = module.read_text()
        assert text.count(before) == 1, name
        module.write_text(text.replace(before, after))
    return old, new


def machine_of(root: Path, packages: Path) -> Released:
    return Released(root / "machine", root / "claude", packages)


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
