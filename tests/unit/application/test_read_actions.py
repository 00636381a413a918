"""Which of what a trace did to files is read for some of them."""

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.adapters.memory.writing import MemoryTraceWriter
from opentraces.application.kept_texts import KeptTexts
from opentraces.application.read_actions import ReadActions
from opentraces.domain.trail.events import PatchCreated
from opentraces.domain.trail.file_change import FileChange, Hunk
from tests.contracts.samples import keep, named, step

TRACE = named("s")


def changed(number: int, path: str, moved_from: str | None = None) -> PatchCreated:
    change = FileChange(
        call=f"c{number}",
        path=f"/w/{path}",
        moved_from=f"/w/{moved_from}" if moved_from else None,
        operation="edit",
        moment=number,
        hunks=(Hunk(lines=("+said",)),),
    )
    return PatchCreated(patch_id=f"{number:064x}", step_index=number, change=change)


def read(*happened: PatchCreated, paths: set[str] | None) -> list[int]:
    bucket = MemoryBucket()
    envelope = keep(MemoryTraceWriter(bucket, MemoryMarkers(lambda _: 1)), TRACE, step(1))
    actions = ReadActions(KeptTexts(MemoryTraceStore(bucket)))
    found = actions.execute(envelope, happened, ["/w"], paths)
    return [each.moment for each in found]


def test_only_what_happened_to_the_files_is_read() -> None:
    happened = changed(1, "a.py"), changed(2, "b.py"), changed(3, "a.py")

    assert read(*happened, paths={"a.py"}) == [1, 3]
    assert read(*happened, paths=None) == [1, 2, 3]


def test_what_a_file_was_before_it_moved_is_read_too() -> None:
    happened = changed(1, "a.py"), changed(2, "b.py", "a.py"), changed(3, "c.py", "b.py")

    assert read(*happened, changed(4, "d.py"), paths={"c.py"}) == [1, 2, 3]


def test_where_a_file_moved_later_is_not_read() -> None:
    happened = changed(1, "a.py"), changed(2, "b.py", "a.py"), changed(3, "b.py")

    assert read(*happened, paths={"a.py"}) == [1, 2]
