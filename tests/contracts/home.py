"""What every Home keeps to."""

import pytest

from opentraces.ports.home import Home


class HomeContract:
    @pytest.fixture
    def home(self) -> Home:
        raise NotImplementedError("give a home with a bucket of 5 bytes and a spool of 2")

    @pytest.fixture
    def empty(self) -> Home:
        raise NotImplementedError("give a home in which nothing is")

    def test_parts_are_told_with_all_that_is_in_them(self, home: Home) -> None:
        assert [(part.path.rpartition("/")[2], part.size) for part in home.parts()] == [
            ("bucket", 5),
            ("spool", 2),
        ]

    def test_an_empty_home_has_no_parts_and_nothing_to_purge(self, empty: Home) -> None:
        empty.purge()

        assert empty.parts() == ()

    def test_nothing_is_left_after_a_purge(self, home: Home) -> None:
        home.purge()
        home.purge()

        assert home.parts() == ()
