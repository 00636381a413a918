"""Speed counts for nothing when the answers are wrong: needles and tokens."""

from collections.abc import Iterator

from benchmarks.corpus.tokens import Tokens, total
from benchmarks.importing import Imported
from benchmarks.program import Program, tokens_of
from benchmarks.table import Row


def needle_rows(imported: Imported) -> Iterator[Row]:
    """Yield, for each planted term, how many of the sessions that hold it were found."""
    for term, sessions in imported.corpus.manifest.needles.items():
        query = f'"{term}"' if " " in term else term
        found, expected = imported.program.sessions_with(query), set(sessions)
        yield Row(
            f"found {query}, {imported.corpus.megabytes:.0f} MB",
            f"{len(found & expected)} + {len(found - expected)} wrong",
            str(len(expected)),
            bound="exactly these",
            ok=found == expected,
        )


def token_rows(imported: Imported) -> Iterator[Row]:
    """Yield the four classes of tokens, summed over every kept record."""
    counted, expected = counted_tokens(imported.program), imported.corpus.manifest.tokens
    for name, ours, truth in zip(Tokens._fields, counted, expected, strict=True):
        figure = f"tokens {name}, {imported.corpus.megabytes:.0f} MB"
        yield Row(figure, f"{ours:,}", f"{truth:,}", bound="equal", ok=ours == truth)


def counted_tokens(program: Program) -> Tokens:
    """Add up what every kept record says it used."""
    return total([Tokens(), *map(tokens_of, program.records())])
