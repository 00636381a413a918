"""Make a corpus, or let one of its sessions grow, from the command line."""

from pathlib import Path

import click

from benchmarks.corpus.growing import grow as append_ten_lines
from benchmarks.corpus.making import make_corpus
from benchmarks.corpus.plan import CorpusPlan


@click.group()
def main() -> None:
    """Invented Claude Code sessions for measurements and tests."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--sessions", default=200, show_default=True, help="How many sessions.")
@click.option("--mb", default=60.0, show_default=True, help="How many megabytes together.")
@click.option("--seed", default=7, show_default=True, help="The same seed, the same bytes.")
@click.option("--processes", default=2, show_default=True, help="How many write at a time.")
def make(folder: Path, sessions: int, mb: float, seed: int, processes: int) -> None:
    """Write sessions into FOLDER/projects and what is true of them into FOLDER/manifest.json."""
    made = make_corpus(folder, CorpusPlan(sessions, mb, seed), processes)
    sizes = sorted(session.main.bytes for session in made.sessions)
    click.echo(
        f"{len(made.sessions)} sessions in {len(made.files)} files, "
        f"{made.bytes / 1e6:.1f} MB, {made.lines} lines, {made.responses} responses; "
        f"median {sizes[len(sizes) // 2] / 1e3:.0f} kB, largest {sizes[-1] / 1e6:.1f} MB"
    )


@main.command()
@click.argument("transcript", type=click.Path(path_type=Path, exists=True))
@click.option("--times", default=1, show_default=True, help="Which growth this is.")
def grow(transcript: Path, times: int) -> None:
    """Append ten lines to TRANSCRIPT and print the term they hold."""
    click.echo(append_ten_lines(transcript, times).term)


if __name__ == "__main__":
    main()
