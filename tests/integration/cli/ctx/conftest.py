"""Sessions with Context Trees, kept; and a repository with one session's work in it."""

from pathlib import Path

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.step import TokenUsage
from tests.git_repositories import program
from tests.integration.cli.conftest import Call
from tests.integration.cli.ctx.made_up import MadeUp, call, text
from tests.integration.cli.trail.widgets import SECOND, Widgets

PROMPT = "please add the second one"


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


@pytest.fixture
def widgets(home: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Widgets:
    """A repository, outside of which we stand."""
    return Widgets(home.resolve() / "widgets", home)


@pytest.fixture
def trace(widgets: Widgets, call: Call) -> str:
    """A kept session: a prompt, an edit, which is committed, and a new file, which is not."""
    session = widgets.session().asks(PROMPT, at=10)
    session.adds("a.py", SECOND, at=20)
    widgets.commit("Add the second one", at=30)
    session.writes("in/new.py", "never_committed_so_far = 12345678\n", at=40)
    session.asks("and now?", at=50).leave()
    assert call("import", "--all").exit_code == 0
    return session.name


@pytest.fixture
def client(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called `claude` that writes down what it was told, and where; alone on PATH."""
    told = home / "told"
    script = f'{{ pwd; printf "%s\\n" "$0" "$@"; }} > {told}; echo went on; exit 7'
    monkeypatch.setenv("PATH", f"{program(home / 'bin', 'claude', script)}:/usr/bin:/bin")
    return told
