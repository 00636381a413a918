"""The port to what an agent says of the hooks it was told to run."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.setup import HooksTrusted


class HookTrust(Protocol):
    """Which of our hooks an agent runs. Contract: tests/contracts/hook_trust.py."""

    @abstractmethod
    def ask(self) -> HooksTrusted:
        """Ask the agent, for a few seconds at most; raises nothing.

        The agent is started for that, and may write to its own folder what it writes at any start.
        """
