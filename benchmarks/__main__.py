"""Measure everything and print one table."""

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click

from benchmarks import (
    commit_hook,
    extension,
    growing,
    hooks,
    importing,
    many_traces,
    peer,
    querying,
    stops,
    telemetry,
    tiny_traces,
    trail,
    truth,
    usage,
)
from benchmarks.agentsview.beside import Beside
from benchmarks.aside import delete_aside
from benchmarks.corpora import corpus_of
from benchmarks.importing import Imported, import_corpus
from benchmarks.table import Row, as_json, as_text

_SMALL_MB, _LARGE_MB = 60.0, 600.0
_CLIENTS = Path(__file__).parent.parent / ".agents"
"""Where `make test-agents` installs the programs of others."""


@click.command()
@click.option("--quick", is_flag=True, help="Only the smaller corpus.")
@click.option("--sizes", help="Other corpora, in MB: 10,100.  [default: 60,600]")
@click.option(
    "--rounds", default=3, show_default=True, help="How often; a query, three times that."
)
@click.option("--cache", default=".bench", show_default=True, help="Corpora and homes go here.")
@click.option("--peer", "with_peer", is_flag=True, help="Also run opentraces 0.4.13 of PyPI.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
def main(
    *,
    quick: bool,
    sizes: str | None,
    rounds: int,
    cache: str,
    with_peer: bool,
    as_document: bool,
) -> None:
    """Measure opentraces by floors of the same run; exit 1 when a bound does not hold."""
    wanted = [float(size) for size in sizes.split(",")] if sizes else [_SMALL_MB, _LARGE_MB]
    folder = Path(cache).absolute()
    rows = list(_measure(wanted[:1] if quick else wanted, folder, rounds))
    if not quick:
        click.echo("a hundred thousand traces …", err=True)
        rows += tiny_traces.rows(folder)
    if with_peer:
        rows += peer.rows(folder, rounds)
    delete_aside(folder)
    click.echo(as_json(rows) if as_document else as_text(rows))
    sys.exit(any(row.ok is False for row in rows))


def _measure(sizes: list[float], cache: Path, rounds: int) -> Iterator[Row]:
    imports, beside = list[Imported](), Beside.prepared(cache, rounds)
    for size in sizes:
        click.echo(f"{size:g} MB …", err=True)
        corpus = corpus_of(size, cache)
        syncs = beside.syncs_of(corpus)
        imported = import_corpus(corpus, cache / "homes" / f"{size:g}", rounds, syncs)
        imports.append(imported)
        yield from importing.rows_of(imported)
        yield from querying.rows_of(imported, 3 * rounds)
        yield from many_traces.verify_rows(imported, cache, rounds)
        yield from truth.needle_rows(imported)
        yield from beside.rows_of(imported, syncs)
        yield from usage.ccusage_rows(imported, _CLIENTS, rounds)
    for small, large in pairwise(imports):
        yield importing.rate_row(small, large)
    click.echo("growth and tokens …", err=True)
    yield from growing.rows(cache, rounds)
    for imported in imports:
        yield from beside.growth_rows_of(imported.corpus)
    yield from truth.token_rows(imports[0])
    click.echo("a hundred and ten thousand traces …", err=True)
    yield from many_traces.rows(cache, rounds)
    click.echo("hooks and their workers …", err=True)
    yield from hooks.rows(cache, rounds)
    yield from commit_hook.rows(cache, rounds)
    yield from extension.rows(cache)
    yield from stops.rows(cache)
    click.echo("telemetry …", err=True)
    yield from telemetry.rows(cache, rounds)
    click.echo("trails …", err=True)
    yield from trail.rows(cache, rounds)


if __name__ == "__main__":
    main()
