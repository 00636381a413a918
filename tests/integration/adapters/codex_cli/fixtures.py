"""The real sessions of tests/data, as sources."""

from pathlib import Path

from tests.contracts.trace_parser import Source, transcript

DATA = Path(__file__).parents[3] / "data" / "codex-cli"
ROLLOUTS = {
    folder.name: sorted(folder.glob("rollout-*.jsonl"))
    for folder in sorted(DATA.iterdir())
    if folder.is_dir()
}


def source_of(path: Path) -> Source:
    """Return a rollout as a source."""
    return transcript(path.read_bytes(), f"sessions/2026/11/23/{path.name}")


def every_source() -> dict[str, Source]:
    """Return all of them, by folder; a sub-agent's after its parent's."""
    return {
        f"{folder}{'+' * number}": source_of(path)
        for folder, paths in ROLLOUTS.items()
        for number, path in enumerate(paths)
    }
