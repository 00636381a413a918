"""The option that names an agent."""

from collections.abc import Callable
from typing import Any

import click

from opentraces.domain.session import Agent

Decorated = Callable[..., Any]


def agent_option(text: str) -> Callable[[Decorated], Decorated]:
    """Give a command `--agent`, as `agents`: the one that is named, or all that there are."""
    return click.option(
        "--agent",
        "agents",
        type=click.Choice([agent.value for agent in Agent]),
        metavar="NAME",
        callback=lambda ctx, param, name: (name,) if name else tuple(a.value for a in Agent),
        help=f"{text}: {', '.join(agent.value for agent in Agent)}.",
    )
