"""What a real session left its files with, worked out from what it said of its changes."""

import json

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.application.kept_texts import KeptTexts
from opentraces.application.read_actions import ReadActions
from opentraces.application.read_trail import ReadTrail
from opentraces.domain.ids import SessionId
from opentraces.domain.resuming.file_states import LeftFile, file_states
from tests.integration.adapters.claude_code.fixtures import DATA
from tests.memory_world import MemoryWorld, trace_of

CHANGES = DATA / "changes"
SESSION = "0a6ede48-cf01-4217-8976-38e4e3ccae87"
ROOT = "/home/dev/changes"


def states(at_start: dict[str, bytes]) -> tuple[dict[str, bytes | None], tuple[LeftFile, ...]]:
    """What files hold at the end, and those that are left, in a worktree of some files."""
    world = MemoryWorld(parser=ClaudeCodeParser())
    (project,) = (CHANGES / "projects").iterdir()
    files = (path for path in project.rglob("*") if path.is_file())
    world.leave(SESSION, {str(path.relative_to(project)): path.read_bytes() for path in files})
    spooled = (CHANGES / "spool" / "claude-code" / f"{SESSION}.jsonl").read_bytes()
    for line in spooled.splitlines(keepends=True):
        world.spool.write(SessionId(SESSION), line)
    world.run()
    envelope = world.traces.envelope(trace_of(SESSION))
    happened = ReadTrail(world.traces, world.hooks).whole(envelope).happened
    read = ReadActions(KeptTexts(world.traces))
    actions = read.execute(envelope, happened, (ROOT,), None)
    found, left = file_states(actions, at_start, at_start)
    return {each.path: each.content for each in found}, left


def test_every_file_holds_what_was_on_the_disk() -> None:
    """To the byte; but whether the last line of a file ends, that an edit made, is not told."""
    told = json.loads((CHANGES / "files.json").read_bytes())
    before, after = (
        {name: text.encode() for name, text in told[when].items()} for when in ("before", "after")
    )

    found, left = states(before)

    assert left == ()
    assert found.pop("made_by_edit.txt") == after.pop("made_by_edit.txt") + b"\n"
    assert {**before, **found} == after
    assert len(found) > 10
