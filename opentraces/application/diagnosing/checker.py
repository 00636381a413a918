"""What looks at one thing of an installation."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Protocol

from opentraces.domain.health import Check


class Checker(Protocol):
    """Looks at one thing. Either method may raise any OpentracesError."""

    @abstractmethod
    def checks(self) -> Iterator[Check]:
        """Say how it is; changes nothing."""

    def mend(self) -> Iterator[str]:
        """Put right what is wrong and can safely be put right; say in words what was."""
        return iter(())
