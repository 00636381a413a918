"""What is true of the changes to files that any reading of any bytes gives."""

from opentraces.adapters._reading.jsonl import decode
from opentraces.application.kept_texts import text_at
from opentraces.domain.trail.file_change import FileChange, TextPlace
from tests.checked import json_of
from tests.contracts.trace_parser import Read, Source


def changes_in(found: Read) -> list[FileChange]:
    """Return all changes, in order of their steps."""
    return [change for step in found.steps for change in step.changes]


def text_of(source: Source, place: TextPlace) -> str:
    """Return the text that stands at a place, which must be one whole line's."""
    end = place.offset + place.length
    assert source.data[end : end + 1] == b"\n"
    assert place.offset == 0 or source.data[place.offset - 1 : place.offset] == b"\n"
    text = text_at(decode(source.data[place.offset : end]), place.pointer)
    assert text is not None
    return text


def assert_changes_sound(source: Source, found: Read) -> None:
    """Check that calls are their step's, numbers have no gap, and places hold texts."""
    for step in found.steps:
        calls = [change.call for change in step.changes]
        made = {call.tool_call_id for call in step.step.tool_calls}
        assert {call for call in calls if call is not None} <= made
        for at, change in enumerate(step.changes):
            assert change.number == calls[:at].count(change.call)
            _assert_sound(change)
            for place in filter(None, (change.before, change.after)):
                text_of(source, place)


def _assert_sound(change: FileChange) -> None:
    assert change.path
    assert list(change.methods) == sorted(set(change.methods))
    assert list(change.limitations) == sorted(set(change.limitations))
    for hunk in change.hunks:
        assert hunk.lines
        assert all(line[:1] in (" ", "-", "+") for line in hunk.lines)
        assert not any("\n" in line for line in hunk.lines)
    json_of(change)
