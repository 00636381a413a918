"""What every StepTexts keeps to."""

import pytest

from opentraces.domain.errors import StepNotFound, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.search import Place, TraceBrief
from opentraces.ports.texts import StepTexts
from opentraces.ports.trace_writing import TraceWriter
from tests.contracts.samples import LINES, NOBODY, A, answer, header, keep, source, step


class StepTextsContract:
    @pytest.fixture
    def texts(self) -> StepTexts:
        raise NotImplementedError("give the texts of an empty store")

    @pytest.fixture
    def writer(self) -> TraceWriter:
        raise NotImplementedError("give what writes to it")

    def test_brief_is_what_stands_beside_a_hit(self, texts: StepTexts, writer: TraceWriter) -> None:
        kept = keep(writer, A, step(1), step(2))

        assert texts.brief(A) == TraceBrief(
            trace=A,
            session=kept.header.session_id,
            agent="claude-code",
            project="work",
            title=None,
            started="2026-01-02T03:04:05.678Z",
            steps=2,
        )

    def test_a_step_says_its_texts_by_place(self, texts: StepTexts, writer: TraceWriter) -> None:
        keep(writer, A, step(1, "typed"), answer(2))

        assert texts.texts(A, 1) == {Place.USER: "typed"}
        assert texts.texts(A, 2) == {
            Place.AGENT: "I look.",
            Place.THINKING: "Where?",
            Place.CALL: "x.py",
            Place.TOOL: "print()",
        }

    def test_every_step_of_many_is_found(self, texts: StepTexts, writer: TraceWriter) -> None:
        keep(writer, A, *(step(n, f"text {n} " * 30) for n in range(1, 300)))

        for n in range(1, 300):
            assert texts.texts(A, n)[Place.USER].startswith(f"text {n} ")

    def test_an_amended_step_says_its_last(self, texts: StepTexts, writer: TraceWriter) -> None:
        keep(writer, A, step(1, "old"), step(2, '"step_index":1'))
        assert texts.texts(A, 1) == {Place.USER: "old"}
        keep(writer, A, step(3), step(1, "new", 1))

        texts.brief(A)

        assert texts.texts(A, 1) == {Place.USER: "new"}

    def test_steps_that_were_added_or_restarted_are_found(
        self, texts: StepTexts, writer: TraceWriter
    ) -> None:
        keep(writer, A, step(1, "old"))
        texts.brief(A)
        keep(writer, A, step(2, "added"))
        assert texts.texts(A, 2) == {Place.USER: "added"}

        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.restart_steps()
            edit.append_step(step(1, "restarted"))
            edit.commit(header(source(2 * len(LINES)), steps=1))

        assert texts.texts(A, 1) == {Place.USER: "restarted"}

    @pytest.mark.parametrize("number", [0, 3, -1])
    def test_a_step_that_is_not_there_is_not_found(
        self, texts: StepTexts, writer: TraceWriter, number: int
    ) -> None:
        keep(writer, A, step(1), step(2))

        with pytest.raises(StepNotFound, match=A):
            texts.texts(A, number)

    @pytest.mark.parametrize("name", [NOBODY, "../x"])
    def test_a_trace_that_is_not_there_is_not_found(self, texts: StepTexts, name: str) -> None:
        with pytest.raises(TraceNotFound):
            texts.brief(TraceId(name))
        with pytest.raises(TraceNotFound):
            texts.texts(TraceId(name), 1)
