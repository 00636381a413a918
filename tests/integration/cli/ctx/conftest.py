"""Sessions with Context Trees, kept."""

from pathlib import Path

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.step import TokenUsage
from tests.integration.cli.ctx.made_up import MadeUp, call, text


@pytest.fixture
def session(home: Path) -> MadeUp:
    """A session that is made up as a test goes on; nothing of it is kept yet."""
    return MadeUp(home)


@pytest.fixture
def uploads(session: MadeUp) -> TraceId:
    """A kept session: two prompts, files read and a command, a sub-agent, a compaction."""
    lines = session.main
    lines.layer("system", [text("You are an agent."), text("Be brief.")])
    lines.layer("tool_registry", [{"name": "Read"}, {"name": "Bash"}], "full")
    lines.layer("runtime_state", {"model": "opus", "cwd": "/w"})
    session.prompt("make the upload try again")
    used = TokenUsage(input_tokens=10, cache_read_tokens=200, cache_write_tokens=90)
    thought = {"type": "thinking", "thinking": "Where is it?", "signature": "c2ln"}
    session.answer(thought, text("I look."), call("c1", "Read", file_path="/w/up.py"), tokens=used)
    session.result("c1", "def upload():\n    pass\n" * 20)
    session.answer(call("c2", "Bash", command="make check"), call("c3", "Task", prompt="review"))
    helper = session.helper("a1", "c3")
    session.prompt("review it", helper)
    session.answer(text("It is fine."), lines=helper)
    session.result("c2", "exit 1\nno rule to make target", failed=True)
    session.result("c3", "It is fine.")
    session.answer(text("The check fails."))
    session.compact("They asked for retries; the check fails.")
    lines.layer("runtime_state", {"model": "sonnet", "cwd": "/w"})
    session.prompt("go on")
    session.answer(text("Done."))
    return session.keep()
