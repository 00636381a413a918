"""What every Privacy keeps to."""

from opentraces.ports.privacy import Privacy


class PrivacyContract:
    def privacy(self, exposed: int) -> Privacy:
        """Give that of a home in which so many files, and no folder, give others a right."""
        raise NotImplementedError

    def test_where_nothing_is_exposed_nothing_is_closed(self) -> None:
        privacy = self.privacy(0)

        assert (privacy.exposed(), privacy.close(), privacy.open_to_others()) == ((), 0, ())

    def test_what_was_closed_is_not_exposed(self) -> None:
        privacy = self.privacy(3)
        assert len({*privacy.exposed()}) == 3

        assert privacy.close() == 3
        assert (privacy.exposed(), privacy.close()) == ((), 0)

    def test_some_are_named_and_all_are_closed(self) -> None:
        privacy = self.privacy(103)

        assert len(privacy.exposed()) == 100
        assert privacy.close() == 103
        assert privacy.exposed() == ()
