"""The port to what the user enrolled."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Protocol

from opentraces.domain.enrolment import Project

Projects = tuple[Project, ...]
Change = Callable[[Projects], Projects]


class Enrolments(Protocol):
    """The projects that are captured, and for each agent the list that its hooks read.

    The lists are derived: they never name a folder that is no project's, and are made anew when
    they are lost. Contract: tests/contracts/enrolments.py. Any method may raise Corrupt,
    NewerFormat and StorageUnavailable.
    """

    @abstractmethod
    def projects(self) -> Projects:
        """Return all, in the order in which they were enrolled."""

    @abstractmethod
    def update(self, change: Change) -> Projects:
        """Put in the place of all projects what `change` makes of them, and return it.

        Nobody else changes them meanwhile; durable on return. What `change` raises changes nothing.
        """

    @abstractmethod
    def listed(self, agent: str) -> tuple[str, ...]:
        """Return the folders that an agent's hooks find listed, ascending."""

    @abstractmethod
    def relist(self) -> None:
        """Bring the lists in line with the projects, where they are not."""
