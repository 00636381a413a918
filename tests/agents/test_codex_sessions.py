"""Sessions of a real Codex whose hooks nobody trusted: an import keeps them, and nothing else."""

from collections.abc import Iterator

import pytest

from tests.agents.rig.codex_live import CodexLive, answers, living, prompts, tools
from tests.agents.rig.codex_story import (
    FORKED,
    HELPER,
    KILLED,
    NEXT,
    RESUMED,
    SCENES,
    TEAM,
    Scene,
)
from tests.agents.rig.told import Told

pytestmark = pytest.mark.agents


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodexLive]:
    """A home in which hooks are installed and are not trusted."""
    with living(tmp_path_factory.mktemp("untrusted")) as live:
        yield live


@pytest.fixture(scope="module")
def sessions(live: CodexLive) -> dict[str, str]:
    """The sessions that the client left, by the word of their scene."""
    left = {scene.word: live.play(scene) for scene in SCENES}
    left[NEXT] = live.say(NEXT)
    assert live.say(RESUMED, "resume", left[NEXT]) == left[NEXT]
    left[FORKED] = live.say(FORKED, "fork", left[NEXT])
    left[KILLED], _ = live.ended_in_a_command(KILLED, None)
    return left


@pytest.fixture(scope="module")
def imported(live: CodexLive, sessions: dict[str, str]) -> dict[str, Told]:
    """What is kept of each after an import; and of the helper that one of them started."""
    assert live.program.trace_ids() == []
    assert not (live.repository / ".opentraces").exists()
    done = live.ours("import", "--agent", "codex-cli", "--all")
    assert (done["kept"], done["failed"], done["skipped"]) == (len(sessions) + 1, [], [])
    assert done["lines"]["unknown"] == done["lines"]["bad"] == 0
    return {word: live.told(session) for word, session in sessions.items()}


def test_doctor_says_why_no_session_is_kept(live: CodexLive, sessions: dict[str, str]) -> None:
    checks = live.ours("doctor")["checks"]
    said = [each["text"] for each in checks if each["topic"] == "codex-cli"]

    assert len(sessions) == len(SCENES) + 3
    assert any("not trusted yet" in text for text in said), said
    assert any("never fired" in text for text in said), said
    assert any("/hooks" in (each["advice"] or "") for each in checks), checks


@pytest.mark.parametrize("scene", SCENES, ids=[scene.word for scene in SCENES])
def test_session_is_imported_as_it_was(scene: Scene, imported: dict[str, Told]) -> None:
    record = imported[scene.word].record

    assert prompts(record) == [scene.prompt]
    assert answers(record) == scene.answers
    assert tools(record) == list(scene.tools)
    assert "hooks" not in record["metadata"]


def test_resumed_session_is_one_of_two_prompts(imported: dict[str, Told]) -> None:
    record = imported[NEXT].record

    assert prompts(record) == [NEXT, RESUMED]
    assert answers(record) == 2


def test_fork_holds_its_own_turn_and_names_what_it_is_of(
    imported: dict[str, Told], sessions: dict[str, str]
) -> None:
    record = imported[FORKED].record

    assert record["session_id"] != sessions[NEXT]
    assert record["metadata"]["codex_cli"]["forked_from"] == sessions[NEXT]
    assert prompts(record) == [FORKED]
    assert answers(record) == 1


def test_helper_is_a_trace_of_its_own_that_its_parent_names(
    live: CodexLive, imported: dict[str, Told]
) -> None:
    parent = imported[TEAM].record
    (helper,) = filter(None, (step["subagent_trajectory_ref"] for step in parent["steps"]))

    record = live.told(helper).record

    assert record["metadata"]["codex_cli"]["parent_thread_id"] == parent["session_id"]
    assert record["steps"][-1]["content"] == f"{HELPER} was said."
    assert (answers(record), tools(record)) == (2, ["exec", "exec_command"])


def test_session_that_was_killed_holds_what_was_written(imported: dict[str, Told]) -> None:
    record = imported[KILLED].record

    assert (answers(record), tools(record)) == (1, ["exec_command"])
    assert prompts(record) == [f"{KILLED}: wait"]


def test_every_session_is_given_back(live: CodexLive, imported: dict[str, Told]) -> None:
    assert all(live.is_given_back(told.session) for told in imported.values())
