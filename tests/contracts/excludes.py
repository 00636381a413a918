"""What every Excludes keeps to."""

from collections.abc import Callable

import pytest

from opentraces.ports.excludes import Excludes

Read = Callable[[], bytes | None]
Write = Callable[[bytes], None]

STYLES = {
    "none": None,
    "empty": b"",
    "plain": b"# git ls-files --others\n*.log\n",
    "no line end at the end": b"*.log",
    "lines that end as on Windows": b"*.log\r\n/build/\r\n",
    "the same, without a line end at the end": b"*.log\r\n/build/",
    "no text": b"\xff\xfe*.log\n",
}


class ExcludesContract:
    @pytest.fixture
    def excludes(self) -> Excludes:
        raise NotImplementedError("give excludes of one repository that has no list")

    @pytest.fixture
    def repository(self) -> str:
        raise NotImplementedError("give that repository")

    @pytest.fixture
    def read(self) -> Read:
        raise NotImplementedError("give what reads its list; None: it has none")

    @pytest.fixture
    def write(self) -> Write:
        raise NotImplementedError("give what replaces its list")

    @pytest.mark.parametrize("before", STYLES.values(), ids=STYLES)
    def test_a_list_that_nobody_changed_is_what_it_was_again(
        self,
        excludes: Excludes,
        repository: str,
        read: Read,
        write: Write,
        before: bytes | None,
    ) -> None:
        if before is not None:
            write(before)

        added = excludes.add(repository)

        listed = read()
        assert added is not None
        assert listed is not None
        assert listed == (before or b"") + added.added.encode()
        assert listed.splitlines()[-1] == b".opentraces/"
        assert excludes.take_back(added)
        assert read() == before

    def test_our_line_ends_as_the_others_do(
        self, excludes: Excludes, repository: str, read: Read, write: Write
    ) -> None:
        write(b"*.log\r\n")
        excludes.add(repository)

        assert read() == b"*.log\r\n.opentraces/\r\n"

    def test_a_line_is_added_once(self, excludes: Excludes, repository: str, read: Read) -> None:
        excludes.add(repository)
        listed = read()

        assert excludes.add(repository) is None
        assert read() == listed

    @pytest.mark.parametrize("line", [b".opentraces/", b"/.opentraces/", b".opentraces"])
    def test_a_line_of_the_user_s_is_as_good(
        self, excludes: Excludes, repository: str, read: Read, write: Write, line: bytes
    ) -> None:
        write(b"a\n" + line + b"\nb\n")

        assert excludes.add(repository) is None
        assert read() == b"a\n" + line + b"\nb\n"

    def test_of_a_list_that_was_changed_only_our_line_goes(
        self, excludes: Excludes, repository: str, read: Read, write: Write
    ) -> None:
        write(b"*.log")
        added = excludes.add(repository)
        write(b"first\n" + (read() or b"") + b"last\n")

        assert added is not None
        assert excludes.take_back(added)
        assert read() == b"first\n*.log\nlast\n"

    def test_a_line_that_somebody_took_away_is_not_missed(
        self, excludes: Excludes, repository: str, read: Read, write: Write
    ) -> None:
        added = excludes.add(repository)
        write(b"mine\n")

        assert added is not None
        assert not excludes.take_back(added)
        assert read() == b"mine\n"

    def test_what_was_taken_back_is_not_there_twice(
        self, excludes: Excludes, repository: str
    ) -> None:
        added = excludes.add(repository)

        assert added is not None
        assert excludes.take_back(added)
        assert not excludes.take_back(added)
