"""What every Medium keeps to."""

from opentraces.ports.medium import Medium


class MediumContract:
    def medium(self, *, is_writable: bool) -> Medium:
        """Give that of a home on this machine, to which may be written or not."""
        raise NotImplementedError

    def test_what_can_be_written_to_refuses_nothing(self) -> None:
        assert self.medium(is_writable=True).refusal() is None

    def test_what_cannot_be_written_to_says_what_to_do(self) -> None:
        refusal = self.medium(is_writable=False).refusal()

        assert refusal is not None
        assert "cannot be written to" in refusal.partition(" → ")[0]
        assert "OPENTRACES_HOME" in refusal.partition(" → ")[2]

    def test_what_is_local_is_on_no_network(self) -> None:
        assert self.medium(is_writable=True).network() is None
