"""Which agents' events stand in the repositories themselves; imports next to nothing."""

from collections.abc import Mapping

from opentraces.domain.agent import Agent

SIDECARS: Mapping[Agent, str] = {Agent.CODEX_CLI: "hooks", Agent.PI: "events"}
"""The folder below `.opentraces/<agent>` in which they are; anybody may have written them."""
