"""A question before what cannot be undone."""

import sys

import click

from opentraces.domain.errors import BadRequest


def ask(question: str, does: str) -> None:
    """Go on when a person says so; `does`: what `--yes` does without asking.

    Raises BadRequest when there is nobody to be asked, click.Abort on no.
    """
    if not sys.stdin.isatty():
        raise BadRequest(f"nobody is there to be asked: --yes {does} without asking")
    click.confirm(question, abort=True, err=True)
