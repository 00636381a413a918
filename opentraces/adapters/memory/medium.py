"""What a home is kept on, as it is told to be."""

from opentraces.ports.medium import Medium


class MemoryMedium(Medium):
    """See Medium."""

    def __init__(self, refusal: str | None = None, network: str | None = None) -> None:
        self._refusal = refusal
        self._network = network

    def refusal(self) -> str | None:
        """See Medium."""
        return self._refusal

    def network(self) -> str | None:
        """See Medium."""
        return self._network
