"""Sessions of the real client are kept as they close, by our hooks alone."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM, Signals
from typing import Any
from uuid import uuid4

import orjson
import pytest

from opentraces.entrypoints.cli.commands import COMMANDS
from tests.agents.rig.claude_code import ClaudeCode, new_repository
from tests.agents.rig.fake_api import serving
from tests.agents.rig.live import KEPT_WITHIN_S, Live, tree
from tests.agents.rig.live_script import (
    ASKED,
    AUTO,
    BEGUN,
    CONTINUED,
    CUTTING,
    ENDLESS,
    FAILING,
    FORKED,
    FREE,
    HELD,
    IMPORTED,
    LARGE,
    NEXT,
    PIPE_HOLDS,
    REFUSED,
    RESUMED,
    STRANGE,
    SUMMARY,
    TERMINATED,
    live_script,
)
from tests.agents.rig.running import Ended
from tests.agents.rig.story import (
    AFTER,
    CLOSED,
    COMMIT,
    EDITOR,
    MAIN,
    NOTE,
    NOTES,
    RATES,
    TABLE,
    WRITER,
    files,
)
from tests.agents.rig.terminal import ESCAPE, READY
from tests.agents.rig.told import Told
from tests.agents.rig.waiting import wait_until

pytestmark = [
    pytest.mark.agents,
    pytest.mark.skipif(
        not {"setup", "init", "ingest"} <= COMMANDS.keys(), reason="no `opentraces setup` yet"
    ),
]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    root = tmp_path_factory.mktemp("live")
    repository = root / "rates"
    (root / "home").mkdir()
    new_repository(repository, files())
    with serving(live_script(repository)) as (api, address):
        live = Live(ClaudeCode(root / "home", repository, address), api)
        live.in_repository("setup", "claude-code")
        live.in_repository("init", "--agent", "claude-code")
        yield live
        (root / FREE).touch()


@pytest.fixture(scope="module")
def busy(live: Live) -> Told:
    """The session in which much happens, as it was kept when it had closed."""
    ended = live.client.run(f"{MAIN}: mend the table")
    assert ended.code == 0, ended
    return live.kept(ended.session, ended.at, CLOSED, ends=1)


@pytest.fixture(scope="module")
def begun(live: Live) -> str:
    """A session of one prompt."""
    ended = live.client.run(f"{BEGUN}: begin")
    live.kept(ended.session, ended.at, f"{BEGUN} was said", ends=1)
    return ended.session


def test_every_event_of_a_busy_session_was_told(busy: Told) -> None:
    told = busy.events
    assert told["SessionStart"] == told["SessionEnd"] == 1
    assert (told["PostToolUse"], told["PostToolUseFailure"], told["SubagentStop"]) == (13, 2, 3)
    assert told["Stop"] == told["UserPromptSubmit"]


def test_a_large_file_is_whole_before_its_edit(live: Live, busy: Told) -> None:
    (call,) = busy.calls("Edit", TABLE)
    cut = b'"originalFile":null'
    assert any(cut in data for data in live.transcripts(busy.session).values())
    assert busy.response(call)["originalFile"] == files()[TABLE]
    assert busy.callers[call] is None


def test_edits_of_sub_agents_are_whole(live: Live, busy: Told) -> None:
    (edited,), (written,) = busy.calls("Edit", RATES), busy.calls("Write", NOTES)
    assert busy.response(edited)["originalFile"] == files()[RATES]
    assert busy.response(edited)["newString"] == AFTER
    assert busy.response(written)["content"] == NOTE
    agents = {one.lane: one.agent_id for one in live.api.served if one.agent_id}
    assert (busy.callers[edited], busy.callers[written]) == (agents[EDITOR], agents[WRITER])
    assert agents[EDITOR] != agents[WRITER]


def test_a_commit_and_what_runs_in_the_background_are_told(busy: Told) -> None:
    (committed,) = busy.calls("Bash", COMMIT)
    (behind,) = busy.calls("Bash", "echo behind")
    assert busy.response(committed)["gitOperation"]["commit"]["kind"] == "committed"
    assert busy.response(behind)["backgroundTaskId"]


def test_a_long_output_is_given_back_with_its_session(live: Live, busy: Told) -> None:
    (call,) = busy.calls("Bash", "seq 1 20000")
    assert busy.response(call)["persistedOutputSize"] > 100_000
    assert any("tool-results" in name for name in live.transcripts(busy.session))
    assert live.is_given_back(busy.session)


def test_a_resumed_session_is_kept(live: Live, begun: str) -> None:
    ends = live.ends(begun)
    ended = live.client.run(f"{RESUMED}: go on", "--resume", begun)
    live.kept(begun, ended.at, f"{RESUMED} was said", ends + 1)


def test_a_continued_session_is_kept(live: Live) -> None:
    began = live.client.run(f"{NEXT}: begin")
    ended = live.client.run(f"{CONTINUED}: go on", "--continue")
    assert ended.session == began.session
    live.kept(ended.session, ended.at, f"{CONTINUED} was said", ends=2)


def test_a_fork_is_kept(live: Live, begun: str) -> None:
    ended = live.client.run(f"{FORKED}: and so?", "--resume", begun, "--fork-session")
    assert ended.session != begun
    told = live.kept(ended.session, ended.at, f"{FORKED} was said", ends=1)
    assert told.events["Stop"] == 1


def test_a_compacted_session_is_kept(live: Live, begun: str) -> None:
    ends = live.ends(begun)
    ended = live.client.run("/compact", "--resume", begun)
    told = live.kept(begun, ended.at, SUMMARY, ends + 1)
    assert told.events["PreCompact"] == 1


def test_a_session_that_was_cleared_away_is_kept(live: Live, begun: str) -> None:
    """The client writes to it once more after the event, so its bytes are not compared."""
    ends = live.ends(begun)
    ended = live.client.run("/clear", "--resume", begun)
    assert ended.session != begun
    wait_until(lambda: live.ends(begun) > ends, lambda: "its end is kept", KEPT_WITHIN_S)


def test_a_session_that_ends_with_an_error_of_the_service_is_kept(live: Live) -> None:
    ended = live.client.run(f"{FAILING}: try")
    assert ended.code == 1
    told = live.kept(ended.session, ended.at, "API Error: 400", ends=1)
    assert "Stop" not in told.events


def test_a_session_with_a_broken_answer_is_kept(live: Live) -> None:
    ended = live.client.run(f"{CUTTING}: try")
    live.kept(ended.session, ended.at, f"{CUTTING} was said", ends=1)


def test_a_session_interrupted_in_an_answer_is_kept(live: Live) -> None:
    session = str(uuid4())
    with live.client.started(f"{HELD}: talk", "--session-id", session) as running:
        live.api.wait_for(HELD)
        live.wait_until_written(session, HELD)
        running.send(SIGINT)
        ended = running.wait()
    live.kept(session, ended.at, HELD, ends=1)


def test_a_session_terminated_in_a_tool_is_kept(live: Live) -> None:
    session, ended = ended_in_a_tool(live, TERMINATED, SIGTERM)
    assert ended.code == 128 + SIGTERM
    live.kept(session, ended.at, f"{TERMINATED}.begun", ends=1)


@pytest.mark.parametrize("word", ENDLESS)
def test_a_session_without_an_end_is_kept_at_the_next_event(live: Live, word: str) -> None:
    session, _ = ended_in_a_tool(live, word, ENDLESS[word])
    after = live.client.run(f"{NEXT}: another")
    told = live.kept(session, after.at, f"{word}.begun")
    assert (told.events["SessionStart"], told.events["UserPromptSubmit"]) == (1, 1)
    assert live.is_given_back(session)


def test_a_session_without_an_end_is_kept_by_an_import(live: Live) -> None:
    session, _ = ended_in_a_tool(live, IMPORTED, SIGKILL)
    live.in_repository("import")
    assert live.told(session).events == {"SessionStart": 1, "UserPromptSubmit": 1}
    assert live.is_given_back(session)


def ended_in_a_tool(live: Live, word: str, number: Signals) -> tuple[str, Ended]:
    """Send a client a signal while a command of its script waits; returns its session."""
    session = str(uuid4())
    with live.client.started(f"{word}: wait", "--session-id", session) as running:
        begins = live.client.repository.parent / f"{word}.begun"
        wait_until(begins.exists, lambda: f"{begins} exists")
        live.wait_until_written(session, f"{word}.begun")
        running.send(number)
        return session, running.wait()


def test_a_call_that_the_client_refused_is_told(live: Live) -> None:
    client = replace(live.client, model=AUTO)
    ended = client.run(f"{REFUSED}: try", mode="auto")
    told = live.kept(ended.session, ended.at, "It was not run.", ends=1)
    assert told.permissions == [("denied", *told.calls("Bash", "curl"))]


def test_a_session_in_a_terminal_is_kept_while_it_lasts(live: Live) -> None:
    session = str(uuid4())
    with live.client.in_terminal("--session-id", session) as terminal:
        terminal.wait_for(READY)
        terminal.enter(f"{ASKED}: go")
        terminal.wait_for("Do you want to proceed?")
        terminal.press(b"1")
        terminal.wait_for("It was allowed.")
        told = live.kept(session, time.monotonic(), "It was allowed.")
        assert told.permissions == [("requested", *told.calls("Bash", "touch allowed"))]
        terminal.enter("Another?")
        terminal.wait_for("Do you want to proceed?")
        terminal.press(ESCAPE)
        terminal.wait_for("Interrupted")
        terminal.enter("/clear")
        terminal.wait_for("? for shortcuts")
        terminal.enter(f"{NEXT}: afresh")
        terminal.wait_for(f"{NEXT} was said")
        fresh = live.api.served[-1].session
        terminal.enter("/exit")
        assert terminal.wait() == 0
        at = time.monotonic()
    assert fresh != session
    live.kept(fresh, at, f"{NEXT} was said", ends=1)
    told = live.kept(session, at, "touch rejected", ends=1)
    asked = told.calls("Bash", "touch allowed") + told.calls("Bash", "touch rejected")
    assert told.permissions == [("requested", call) for call in asked]


def test_a_repository_that_is_not_enrolled_leaves_nothing(live: Live, tmp_path: Path) -> None:
    home, repository = tmp_path / "home", tmp_path / "strange"
    new_repository(repository, files())
    home.mkdir()
    other = Live(replace(live.client, home=home, repository=repository), live.api)
    other.in_repository("setup", "claude-code")
    before = tree(other.program.store)
    ended = other.client.run(f"{STRANGE}: write a lot")
    assert (ended.code, ended.err) == (0, b"")
    assert (live.client.repository.parent / LARGE).stat().st_size > PIPE_HOLDS
    assert tree(other.program.store) == before


@pytest.mark.usefixtures("busy", "begun")
def test_hooks_show_in_transcripts_only_where_the_client_lists_them(live: Live) -> None:
    for session in live.sessions():
        for data in live.transcripts(session).values():
            for line in data.splitlines():
                assert b'"attachment":{"type":"hook_' not in line
                if b"opentraces" in line:
                    assert is_list_of_hooks(orjson.loads(line)), line


def is_list_of_hooks(line: dict[str, Any]) -> bool:
    """Whether the client wrote a line to say which hooks it ran, and that they said nothing."""
    if line.get("subtype") == "stop_hook_summary":
        return not (line["hookErrors"] or line["hookAdditionalContext"] or line["hasOutput"])
    said = str(line.get("message", {}).get("content"))
    return said.startswith("<local-command-stdout>") and "failed" not in said
