"""The port to one agent's own configuration."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.setup import HooksFound, SetupPlan


class AgentSetup(Protocol):
    """Our hooks in one agent's configuration. Contract: tests/contracts/agent_setup.py.

    Any method but `inspect` may raise SettingsInvalid (a file of the agent's holds nothing that
    can be edited; names file and place) and StorageUnavailable (it may not be read or written).
    """

    @abstractmethod
    def install(self) -> SetupPlan:
        """Plan what puts our hooks in, or brings them up to date; changes nothing.

        Whatever is foreign stays as it is, byte for byte: entries, order and formatting.
        """

    @abstractmethod
    def remove(self) -> SetupPlan:
        """Plan what takes our hooks out; changes nothing.

        A file that nobody changed since becomes what it was before, byte for byte, or goes where
        there was none; of one that was changed since, only our entries go.
        """

    @abstractmethod
    def apply(self, plan: SetupPlan) -> None:
        """Make the changes of a plan, each file whole or not at all; durable on return.

        Raises Busy when a file is not as it was when the plan was made.
        """

    @abstractmethod
    def inspect(self) -> HooksFound:
        """Say what is installed, or why that cannot be said."""
