"""What of an answer is wanted, as options: in which order, from where on, how much, counted how."""

from collections.abc import Callable
from typing import Any

import click

from opentraces.domain.search import Facet, Order

Decorated = Callable[..., Any]

_OPTIONS = (
    click.option(
        "--sort",
        type=click.Choice([order.value for order in Order]),
        default=Order.RELEVANCE.value,
        help="What comes first: the best, the newest or the dearest.",
    ),
    click.option(
        "--facet",
        "facets",
        multiple=True,
        type=click.Choice([facet.value for facet in Facet]),
        help="Also count the traces by this; may be given several times.",
    ),
    click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Show so many traces."),
    click.option("--after", metavar="CURSOR", help="Go on behind the trace of this cursor."),
)


def answer_options(command: Decorated) -> Decorated:
    """Give a command the options of what is wanted of an answer."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
