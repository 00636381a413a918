"""What every ResumableFormat keeps to."""

import pytest

from opentraces.domain.ids import SessionId
from opentraces.domain.resuming.cutting import LineMarks
from opentraces.ports.resumable import ResumableFormat

NEW = SessionId("0b7d6f3a-0000-4000-8000-00000000000e")


class ResumableFormatContract:
    @pytest.fixture
    def form(self) -> ResumableFormat:
        raise NotImplementedError("give one")

    @pytest.fixture
    def source(self) -> bytes:
        """The lines of a real session."""
        raise NotImplementedError("give them")

    def test_each_line_has_its_marks_and_its_place(
        self, form: ResumableFormat, source: bytes
    ) -> None:
        marks, lines = list(form.marks([source])), list(form.renamed([source], NEW))

        assert len(marks) == len(lines) == source.count(b"\n")
        assert [each.id is None for each in marks] == [line == b"" for line in lines]
        assert all(line == b"" or line.endswith(b"\n") for line in lines)

    @pytest.mark.parametrize("size", [1, 7, 4096])
    def test_how_the_bytes_are_cut_does_not_matter(
        self, form: ResumableFormat, source: bytes, size: int
    ) -> None:
        pieces = [source[at : at + size] for at in range(0, len(source), size)]

        assert list(form.marks(pieces)) == list(form.marks([source]))
        assert list(form.renamed(pieces, NEW)) == list(form.renamed([source], NEW))

    def test_a_line_without_its_end_is_not_there_yet(
        self, form: ResumableFormat, source: bytes
    ) -> None:
        more = [source, source.splitlines()[0]]

        assert list(form.marks(more)) == list(form.marks([source]))
        assert list(form.renamed(more, NEW)) == list(form.renamed([source], NEW))

    @pytest.mark.parametrize("line", [b"", b"{", b"[]", b"\xff\xfe", b'{"uuid":1}', b'"\\ud800"'])
    def test_what_is_no_line_of_a_session_is_not_taken_along(
        self, form: ResumableFormat, line: bytes
    ) -> None:
        assert list(form.marks([line + b"\n"])) == [LineMarks()]
        assert list(form.renamed([line + b"\n"], NEW)) == [b""]

    def test_the_file_is_named_by_the_session(self, form: ResumableFormat) -> None:
        name = form.file_name(NEW, "/home/dev/widgets")

        assert NEW in name.rpartition("/")[2]
        assert not {"", ".", ".."} & {*name.split("/")}

    def test_the_command_names_the_file(self, form: ResumableFormat) -> None:
        assert "/x/y.jsonl" in form.command("/x/y.jsonl")
