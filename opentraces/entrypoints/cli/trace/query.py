"""`opentraces trace query`."""

from typing import Any

import click

from opentraces.entrypoints.cli.answering import answer_options
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.free_text import FreeTextCommand
from opentraces.entrypoints.cli.narrowing import narrowing_options
from opentraces.entrypoints.cli.trace.finding import find


@click.command(
    cls=FreeTextCommand,
    epilog=examples(
        "opentraces trace query timeout '\"connection refused\"' -flaky",
        "opentraces trace query tool:Bash file:src/upload.py since:7d",
        "opentraces trace query 'retry OR backoff' has:commit 'cost:>1' --sort cost",
        "opentraces trace query retry --project widgets --limit 5 --facet tool",
    ),
)
@click.argument("text", nargs=-1, type=click.UNPROCESSED)
@narrowing_options
@answer_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print a line of JSON for each trace.")
def query(text: tuple[str, ...], as_json: bool, as_jsonl: bool, **options: Any) -> None:
    """Find traces by TEXT; without it, show the newest.

    All of TEXT must be in one step: words, beginnings*, nearly~, a "phrase in quotes" (the shell
    needs quotes of its own around it), -not, this OR that, (groups), and fields: agent: project:
    repo: branch: model: tool: skill: file: command: error: dep: commit: session: trace: role:
    cost: tokens: has: since: until:.
    """
    find(" ".join(text), options, as_json=as_json, as_jsonl=as_jsonl)
