"""The real sessions of tests/data, as sources."""

from pathlib import Path

from tests.contracts.trace_parser import Source, transcript

DATA = Path(__file__).parents[3] / "data" / "pi"
RELEASES = ("0.73.1", "0.87.1")
FILES = {
    f"{release}/{folder.name}": sorted(folder.glob("*.jsonl"))
    for release in RELEASES
    for folder in sorted((DATA / release).iterdir())
}


def source_of(path: Path) -> Source:
    """Return a session as a source."""
    return transcript(path.read_bytes(), f"sessions/--home-dev--/{path.name}")


def every_source() -> dict[str, Source]:
    """Return all of them, by release and folder; forks after the session that they are of."""
    return {
        f"{folder}{'+' * number}": source_of(path)
        for folder, paths in FILES.items()
        for number, path in enumerate(paths)
    }
