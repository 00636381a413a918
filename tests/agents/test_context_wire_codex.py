"""What is told of the real Codex's calls is what its model was sent."""

from collections.abc import Iterator
from pathlib import Path
from signal import SIGINT, Signals

import pytest

from tests.agents.rig.claude_code import new_repository
from tests.agents.rig.codex import Codex
from tests.agents.rig.codex_live import CodexLive
from tests.agents.rig.codex_model import serving
from tests.agents.rig.codex_script import Lane, answer, calls, says
from tests.agents.rig.codex_story import (
    COMPACTED,
    COMPACTING,
    FILES,
    FORKED,
    FREE,
    INTERRUPTED,
    KILLED,
    NEXT,
    RESUMED,
    SCENES,
    SCRIPTING,
    TEAM,
    Scene,
    script_of,
)
from tests.agents.rig.installed import codex_program
from tests.codex_wire import Told, assert_is_what_was_sent, told_in

pytestmark = pytest.mark.agents

COPIED = "heroncopied"
_HANDED_OVER = calls(
    "spawn_agent", "collaboration", task_name="reader", message="read it", fork_turns="all"
)
_WAITED_FOR = calls("wait_agent", "collaboration", timeout_ms=20_000)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodexLive]:
    """A client without hooks, in a repository that tells it something."""
    root = tmp_path_factory.mktemp("wire")
    repository = root / "rates"
    new_repository(repository, {**FILES, "AGENTS.md": "# Agents\nBe brief.\n"})
    client = Codex(codex_program(), root / "user")
    client.home.mkdir(parents=True)
    with serving(_script(repository)) as (model, address):
        client.configure(address)
        try:
            yield CodexLive(client, model, repository)
        finally:
            (root / FREE).touch()


@pytest.mark.parametrize("scene", SCENES, ids=[scene.word for scene in SCENES])
def test_session_is_told_as_it_was_sent(scene: Scene, live: CodexLive) -> None:
    calls = told_and_sent(live, live.play(scene))

    assert len(calls) == scene.answers
    assert calls[0].node.branch_type == "root"
    assert [call.node.purpose for call in calls].count("compaction") == (scene.word == COMPACTED)
    assert ["tool_registry" in call.layers for call in calls] == [scene.options == SCRIPTING] * len(
        calls
    )


def test_tools_of_scripts_are_told_behind_a_summary_too(live: CodexLive) -> None:
    session = live.say(f"{COMPACTED}: see to it", *SCRIPTING, *COMPACTING)

    last = told_and_sent(live, session)[-1].node

    assert last.branch_type == "compaction_fork"
    assert last.completeness["tool_registry"] == last.completeness["system"] == "full"


@pytest.mark.parametrize(("word", "limits"), [(TEAM, ()), (COPIED, ("outputs_made_up",))])
def test_sub_agent_is_told_as_it_was_sent(
    word: str, limits: tuple[str, ...], live: CodexLive
) -> None:
    parent = live.say(f"{word}: see to it again", *SCRIPTING)
    (helper,) = live.sessions_with(f'"parent_thread_id":"{parent}"')

    first, *_ = told_and_sent(live, helper)

    assert len(told_and_sent(live, parent)) == 3
    assert (first.node.branch_type, first.node.limitations) == ("subagent_fork", limits)


def test_resumed_session_and_its_fork_are_told_as_they_were_sent(live: CodexLive) -> None:
    session = live.say(NEXT)
    assert live.say(RESUMED, "resume", session) == session
    fork = live.say(FORKED, "fork", session)

    assert len(told_and_sent(live, session)) == 2
    (call,) = told_and_sent(live, fork)
    assert len(call.blocks) > len(call.node.added)


@pytest.mark.parametrize(
    ("word", "number", "limits"), [(INTERRUPTED, SIGINT, ()), (KILLED, None, ("outputs_made_up",))]
)
def test_session_that_was_cut_and_goes_on_is_told_as_it_was_sent(
    word: str, number: Signals | None, limits: tuple[str, ...], live: CodexLive
) -> None:
    session, _ = live.ended_in_a_command(word, number)
    live.say(RESUMED, "resume", session)

    before, after = told_and_sent(live, session)

    assert (before.node.limitations, after.node.limitations) == ((), limits)


def told_and_sent(live: CodexLive, session: str) -> list[Told]:
    """Return the calls of a session, each checked against its request."""
    (path,) = live.client.home.rglob(f"rollout-*-{session}.jsonl")
    calls = told_in(path, live.client.home)
    for call in calls:
        assert_is_what_was_sent(call, live.model.answered[call.response])
    return calls


def _script(repository: Path) -> list[Lane]:
    copied = (answer(_HANDED_OVER), answer(_WAITED_FOR), answer(says(f"{COPIED} was said.")))
    return [*script_of(repository), Lane(COPIED, copied)]
