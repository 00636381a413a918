"""What every Cursors keeps to."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opentraces.ports.cursors import Cursors

PARTS = st.text(st.characters(exclude_characters="\0"), max_size=20)


class CursorsContract:
    @pytest.fixture
    def cursors(self) -> Cursors:
        raise NotImplementedError("give empty cursors")

    def test_nothing_is_there_at_first(self, cursors: Cursors) -> None:
        assert cursors.load() == {}

    def test_saves_add_up(self, cursors: Cursors) -> None:
        cursors.save({"/a": "1", "/b": "1"})
        cursors.save({"/c": "1"})

        assert cursors.load() == {"/a": "1", "/b": "1", "/c": "1"}

    def test_save_replaces_the_stamp_of_a_location(self, cursors: Cursors) -> None:
        cursors.save({"/a": "1", "/b": "1"})
        cursors.save({"/a": "2"})

        assert cursors.load() == {"/a": "2", "/b": "1"}

    def test_save_of_nothing_changes_nothing(self, cursors: Cursors) -> None:
        cursors.save({"/a": "1"})
        cursors.save({})

        assert cursors.load() == {"/a": "1"}

    def test_what_was_loaded_stays_as_it_was(self, cursors: Cursors) -> None:
        cursors.save({"/a": "1"})
        loaded = cursors.load()
        cursors.save({"/a": "2"})

        assert loaded == {"/a": "1"}

    def test_forget_removes_all(self, cursors: Cursors) -> None:
        cursors.save({"/a": "1"})
        cursors.forget()
        cursors.forget()

        assert cursors.load() == {}

    @settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
    )
    @given(stamps=st.dictionaries(PARTS, PARTS, max_size=5))
    def test_any_name_of_a_file_survives(self, cursors: Cursors, stamps: dict[str, str]) -> None:
        cursors.forget()
        cursors.save(stamps)

        assert cursors.load() == stamps
