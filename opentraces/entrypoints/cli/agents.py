"""The option that names an agent."""

from collections.abc import Callable
from typing import Any

import click

from opentraces.domain.session import Agent

Decorated = Callable[..., Any]

LIVE = (Agent.CLAUDE_CODE.value, Agent.CODEX_CLI.value, Agent.PI.value)
"""Agents that tell us what they do while they do it; the sessions of others are imported."""


def agent_option(text: str) -> Callable[[Decorated], Decorated]:
    """Give a command `--agent`, as `agents`: the one that is named, or all that there are."""
    return click.option(
        "--agent",
        "agents",
        type=click.Choice(LIVE),
        metavar="NAME",
        callback=lambda ctx, param, name: (name,) if name else LIVE,
        help=f"{text}: {', '.join(LIVE)}.",
    )
