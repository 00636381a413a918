"""What every Destination keeps to."""

from collections.abc import Iterator

import pytest

from opentraces.domain.errors import BadRequest, Corrupt
from opentraces.ports.destination import Destination

LEAVING = [
    "../a",
    "a/../../b",
    "/etc/a",
    "",
    ".",
    "..",
    "a//b",
    "a/",
    "./a",
    "a/./b",
    "a\0b",
]


def broken() -> Iterator[bytes]:
    yield b"half"
    raise Corrupt("source-0.zst is cut short")


class DestinationContract:
    @pytest.fixture
    def destination(self) -> Destination:
        raise NotImplementedError("give an empty place")

    def held(self, name: str) -> bytes | None:
        """What the place holds under a name; None: nothing."""
        raise NotImplementedError

    def test_a_file_is_written_whole(self, destination: Destination) -> None:
        destination.write("a/b.jsonl", [b"one\n", b"", b"two\n"])

        assert self.held("a/b.jsonl") == b"one\ntwo\n"

    def test_where_it_stands_is_said(self, destination: Destination) -> None:
        assert destination.write("a/b.jsonl", [b"x"]).endswith("a/b.jsonl")

    def test_a_file_without_bytes_is_a_file(self, destination: Destination) -> None:
        destination.write("empty", [])

        assert self.held("empty") == b""

    def test_the_same_file_may_be_there(self, destination: Destination) -> None:
        first = destination.write("a", [b"same"])

        assert destination.write("a", [b"sa", b"me"]) == first
        assert self.held("a") == b"same"

    @pytest.mark.parametrize("other", [b"other", b"sam", b"same!", b""])
    def test_another_file_is_left_as_it_is(self, destination: Destination, other: bytes) -> None:
        destination.write("a", [other])

        with pytest.raises(BadRequest):
            destination.write("a", [b"same"])
        assert self.held("a") == other

    @pytest.mark.parametrize("name", LEAVING)
    def test_a_name_that_leaves_the_place_is_refused(
        self, destination: Destination, name: str
    ) -> None:
        with pytest.raises(BadRequest):
            destination.write(name, [b"x"])

    def test_nothing_half_written_is_left(self, destination: Destination) -> None:
        with pytest.raises(Corrupt):
            destination.write("a", broken())

        assert self.held("a") is None
