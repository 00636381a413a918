"""Whatever the events of real calls hold: no exception, and nothing that cannot be written."""

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.domain.session import SourceFile, SourceKind
from tests.checked import json_of
from tests.contracts.trace_parser import Source
from tests.integration.adapters.claude_code.fixtures import DATA
from tests.properties.retyping import retypings

EVENTS = ClaudeCodeHookEvents()


def test_no_value_of_another_type_raises() -> None:
    changes = 0
    for path in (DATA / "changes" / "spool" / "claude-code").iterdir():
        source = Source(SourceFile(path.name, SourceKind.HOOKS, "", 0, ""), path.read_bytes())
        for each in retypings([source]):
            for end in EVENTS.facts([each.data]).tools.values():
                line = each.data[end.place.offset : end.place.offset + end.place.length]
                change = EVENTS.change(line, end.place, 1)
                changes += change is not None
                assert change is None or json_of(change)

    assert changes > 1000
