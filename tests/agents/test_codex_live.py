"""Sessions of the real Codex are kept as they close, by our hooks alone."""

from collections.abc import Iterator
from signal import SIGINT, SIGTERM, Signals

import pytest

from tests.agents.rig.codex import session_of
from tests.agents.rig.codex_live import CodexLive, answers, living, prompts, tools
from tests.agents.rig.codex_script import WHY
from tests.agents.rig.codex_story import (
    ADDED,
    ASKED,
    CODE,
    COMMAND,
    COMMIT,
    COMPACTED,
    EDIT,
    FAILING,
    FORKED,
    HELD,
    HELPER,
    INTERRUPTED,
    KILLED,
    LEFT,
    MENDED,
    NEXT,
    OUTSIDE,
    PARENT,
    PATCH,
    PATCHED,
    PLAN,
    REFUSED,
    RESUMED,
    SCENES,
    SCRIPT,
    SCRIPTING,
    SHELL,
    STEPS,
    SUMMARY,
    TEAM,
    TERMINATED,
    Scene,
)
from tests.agents.rig.terminal import ENTER, ESCAPE, Terminal
from tests.agents.rig.told import Told

pytestmark = pytest.mark.agents


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodexLive]:
    """A home in which hooks are installed and trusted."""
    with living(tmp_path_factory.mktemp("live")) as live:
        live.client.trust_hooks()
        yield live


@pytest.fixture(scope="module")
def played(live: CodexLive) -> dict[str, Told]:
    """What is kept of each scene, by its word, as it was when the session had closed."""
    return {scene.word: live.kept(live.play(scene), SessionEnd=1) for scene in SCENES}


@pytest.fixture(scope="module")
def begun(live: CodexLive) -> str:
    """A session of one prompt."""
    session = live.say(NEXT)
    live.kept(session, SessionEnd=1)
    return session


@pytest.mark.parametrize("scene", SCENES, ids=[scene.word for scene in SCENES])
def test_session_is_kept_when_it_closes(scene: Scene, played: dict[str, Told]) -> None:
    told = played[scene.word]

    assert prompts(told.record) == [scene.prompt]
    assert answers(told.record) == scene.answers
    assert tools(told.record) == list(scene.tools)
    assert told.events["SessionEnd"] == told.events["UserPromptSubmit"] == 1
    assert told.events.get("Stop", 0) == (scene.code == 0)


def test_commands_are_told_with_what_they_gave_back(played: dict[str, Told]) -> None:
    told = played[SHELL]
    commands = ("cat rates.txt", "echo wombat", "cat missing.txt")
    calls = [call for command in commands for call in told.calls(COMMAND, command)]

    assert told.events["PostToolUse"] == len(calls) == len(told.callers)
    assert [str(told.response(call)) for call in calls[:2]] == ["one 1\ntwo 3\n", "wombat\n"]
    (failed,) = (seen for seen in observations(told) if seen["source_call_id"] == calls[2])
    assert failed["error"] == "Process exited with code 1"


def test_patch_and_commit_are_kept(live: CodexLive, played: dict[str, Told]) -> None:
    told = played[EDIT]
    (patch,), (commit,) = told.calls(PATCH), told.calls(COMMAND, COMMIT)

    assert inputs(told)[patch] == {"input": MENDED}
    assert "M rates.txt" in str(told.response(patch))
    assert str(told.response(commit)).strip() == live.commits()[0]


def test_calls_of_a_script_are_kept_below_it(played: dict[str, Told]) -> None:
    told = played[CODE]
    (script,) = told.calls(SCRIPT)
    inner = told.calls(PATCH) + told.calls(COMMAND)

    assert [inputs(told)[call]["called_by"] for call in inner] == [script, script]
    assert told.callers.keys() == {*inner}
    assert "notes.txt" in str(inputs(told)[inner[0]]["changes"])
    assert ADDED.splitlines()[2][1:] in str(told.response(inner[1]))


def test_plan_and_reasoning_are_kept(played: dict[str, Told]) -> None:
    told = played[PLAN]

    assert inputs(told)[told.calls("update_plan")[0]] == {"plan": STEPS}
    assert [step["reasoning_content"] for step in told.record["steps"] if step["tool_calls"]] == [
        "**Two steps**"
    ]
    assert "c2VhbGVk" not in str(told.record)


def test_sub_agent_is_kept_as_a_trace_of_its_own(live: CodexLive, played: dict[str, Told]) -> None:
    told = played[TEAM]
    (helper,) = filter(None, (step["subagent_trajectory_ref"] for step in told.record["steps"]))

    kept = live.kept(helper)

    assert told.events["SubagentStart"] == told.events["SubagentStop"] == 1
    assert list(told.callers.values()) == [helper]
    assert kept.record["steps"][-1]["content"] == f"{HELPER} was said."
    assert kept.record["metadata"]["codex_cli"]["parent_thread_id"] == told.session


def test_sub_agent_is_kept_when_it_stops_and_its_parent_goes_on(live: CodexLive) -> None:
    with live.client.started(live.repository, *SCRIPTING, f"{PARENT}: see to it") as running:
        live.model.wait_for(PARENT, times=3)
        (parent,) = live.sessions_with(f"{PARENT}: see to it")
        (helper,) = live.sessions_with(f'"parent_thread_id":"{parent}"')

        live.wait_until_taken_up(parent)
        live.kept(helper)

        assert "SessionEnd" not in live.told(parent).events
        live.model.release(PARENT)
        ended = running.wait()
    assert ended.code == 0
    assert answers(live.kept(parent, SessionEnd=1).record) == 3


def test_error_of_the_service_is_kept(played: dict[str, Told]) -> None:
    told = played[FAILING]

    (failed,) = told.record["metadata"]["failures"]
    assert failed["step_index"] == told.record["steps"][-1]["step_index"]


def test_compaction_is_kept(played: dict[str, Told]) -> None:
    told = played[COMPACTED]

    assert told.events["PreCompact"] == told.events["PostCompact"] == 1
    assert len(told.record["metadata"]["compactions"]) == 1
    assert [step["content"] for step in told.record["steps"]].count(SUMMARY) == 1


def test_resumed_session_is_kept(live: CodexLive, begun: str) -> None:
    assert live.say(RESUMED, "resume", begun) == begun

    told = live.kept(begun, SessionEnd=2)

    assert prompts(told.record) == [NEXT, RESUMED]
    assert told.events["Stop"] == 2


def test_fork_is_kept(live: CodexLive, begun: str) -> None:
    session = live.say(FORKED, "fork", begun)
    assert session != begun

    told = live.kept(session, SessionEnd=1)

    assert prompts(told.record) == [FORKED]
    assert told.record["metadata"]["codex_cli"]["forked_from"] == begun


def test_interrupted_session_is_kept(live: CodexLive) -> None:
    session, ended = live.ended_in_a_command(INTERRUPTED, SIGINT)
    assert ended.code == 1

    told = live.kept(session, SessionEnd=1)

    assert told.events["Interrupt"] == 1
    assert "Stop" not in told.events
    assert len(told.record["metadata"]["interruptions"]) == 1
    assert_was_cut(told, INTERRUPTED)


def test_session_interrupted_in_an_answer_is_kept(live: CodexLive) -> None:
    with live.client.started(live.repository, f"{HELD}: talk") as running:
        live.model.wait_for(HELD, times=1)
        running.send(SIGINT)
        ended = running.wait()

    told = live.kept(session_of(ended), SessionEnd=1)

    assert (prompts(told.record), answers(told.record)) == ([f"{HELD}: talk"], 0)
    assert told.events["Interrupt"] == 1


@pytest.mark.parametrize(("word", "number"), [(TERMINATED, SIGTERM), (KILLED, None)])
def test_session_without_an_end_is_kept_at_the_next_event(
    word: str, number: Signals | None, live: CodexLive
) -> None:
    session, ended = live.ended_in_a_command(word, number)
    assert ended.code < 0

    live.say(NEXT)
    told = live.kept(session, SessionStart=1, UserPromptSubmit=1)

    assert told.events == {"SessionStart": 1, "UserPromptSubmit": 1}
    assert_was_cut(told, word)


def test_session_without_an_end_is_kept_by_an_import(live: CodexLive) -> None:
    session, _ = live.ended_in_a_command(LEFT, None)

    live.ours("import")

    told = live.told(session)
    assert told.events == {"SessionStart": 1, "UserPromptSubmit": 1}
    assert_was_cut(told, LEFT)
    assert live.is_given_back(session)


def test_session_in_a_terminal_is_kept_with_the_permissions_that_were_asked_for(
    live: CodexLive,
) -> None:
    with live.client.in_terminal(live.repository) as terminal:
        terminal.wait_for("? for shortcuts")
        for word, question in ((ASKED, "run the following"), (PATCHED, "make the following")):
            ask(terminal, word, question)
            terminal.insist(ENTER, f"{word} was said.")
            terminal.wait_for("Worked for")
        (session,) = live.sessions_with(PATCHED)
        assert "SessionEnd" not in live.kept(session, Stop=2).events
        ask(terminal, REFUSED, "run the following")
        terminal.insist(ESCAPE, "interrupted")
        assert "SessionEnd" not in live.kept(session, Interrupt=1).events
        enter(terminal, "/quit")
        assert terminal.wait() == 0

    told = live.kept(session, SessionEnd=1)

    allowed, patch = told.calls(COMMAND, "touch allowed"), told.calls(PATCH)
    assert told.permissions == [("requested", *allowed), ("requested", *patch), ("requested", "")]
    assert told.events["Interrupt"] == 1
    assert inputs(told)[allowed[0]]["justification"] == WHY
    assert OUTSIDE in str(inputs(told)[patch[0]])


def test_doctor_finds_all_in_order(live: CodexLive, played: dict[str, Told]) -> None:
    assert played
    checks = live.ours("doctor")["checks"]
    said = [each["text"] for each in checks if each["topic"] == "codex-cli"]

    assert any("are trusted" in text for text in said), said
    assert any("last fired" in text for text in said), said


def ask(terminal: Terminal, word: str, question: str) -> None:
    """Type a prompt, and wait until a permission is asked for."""
    enter(terminal, f"{word}: see to it")
    terminal.wait_for(question)


def enter(terminal: Terminal, text: str) -> None:
    """Type a line and send it; its beginning may be shown in pieces."""
    terminal.press(text.encode())
    terminal.wait_for(text[-5:])
    terminal.press(ENTER)


def inputs(told: Told) -> dict[str, dict[str, object]]:
    """Return what each call was given, by its id."""
    calls = (call for step in told.record["steps"] for call in step["tool_calls"])
    return {call["tool_call_id"]: call["input"] for call in calls}


def observations(told: Told) -> list[dict[str, object]]:
    """Return what came of all calls."""
    return [seen for step in told.record["steps"] for seen in step["observations"]]


def assert_was_cut(told: Told, word: str) -> None:
    """Fail when it is not all that was said and done before a command was ended."""
    assert prompts(told.record) == [f"{word}: wait"]
    assert (answers(told.record), tools(told.record)) == (1, [COMMAND])
