"""Sessions of the real Pi are kept as they close, by our extension alone."""

import os
import subprocess
import time
from collections.abc import Iterator
from signal import SIGINT, SIGKILL, SIGTERM

import pytest

from tests.agents.rig.pi_live import RELEASES, PiLive, Played, living
from tests.agents.rig.pi_story import (
    ABANDONED,
    COMMIT,
    EDIT,
    FAILING,
    FAULTY,
    FORKED,
    FORKED_WITHIN,
    GONE_ON,
    IMPORTED,
    INTERRUPTED,
    KILLED,
    LAST,
    LEFT,
    LONG,
    RIGHT,
    ROOT,
    SHORTER,
    SUMMARY,
    TERMINATED,
    THROWING,
    UNHEARD,
    WORK,
)
from tests.agents.rig.pi_told import PiTold, contents, dollars

pytestmark = pytest.mark.agents

LIVE = "live_capture"
_DAY_S = 24 * 60 * 60


@pytest.fixture(scope="module", params=RELEASES)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PiLive]:
    """A home in which the extension is installed."""
    with living(tmp_path_factory.mktemp("live"), request.param) as live:
        yield live


@pytest.fixture(scope="module")
def terminated(live: PiLive) -> PiTold:
    """What is kept of a session that was terminated, before any other began."""
    return live.kept(live.cut(TERMINATED, SIGTERM).session, session_shutdown=1)


@pytest.fixture(scope="module")
def unended(live: PiLive, terminated: PiTold) -> dict[str, Played]:
    """Sessions that were ended without a last event."""
    return {word: live.cut(word, number) for word, number in _UNENDED}


@pytest.fixture(scope="module")
def working(live: PiLive, unended: dict[str, Played]) -> tuple[Played, Played]:
    """A session that was begun and continued, after those that have no end."""
    assert sorted(live.waiting()) == sorted(each.session for each in unended.values())
    return live.play("-p", f"{WORK}: see to it"), live.play("-c", "-p", f"{GONE_ON}: go on")


@pytest.fixture(scope="module")
def branching(live: PiLive) -> Played:
    """A session whose user went back twice, and a third time without going on from there."""
    return live.play(
        *live.commands,
        "-p",
        f"{ROOT}: begin",
        f"{LEFT}: go left",
        f"/go {LEFT}",
        f"{RIGHT}: go right",
        f"/go {RIGHT} summarize",
        f"{LAST}: go on",
        f"/go {LEFT}",
    )


_UNENDED = ((INTERRUPTED, SIGINT), (KILLED, SIGKILL))


def test_tools_an_edit_and_a_commit_are_kept(live: PiLive, working: tuple[Played, Played]) -> None:
    begun, gone_on = working
    assert begun.session == gone_on.session

    told = live.kept(begun.session, session_shutdown=2)

    assert told.prompts == [f"{WORK}: see to it", f"{GONE_ON}: go on"]
    ends = [f"{WORK} was said.", f"{GONE_ON} was said."]
    assert told.answers == ["I will mend it.", "", "", *ends]
    assert told.thoughts == ["First the table."]
    assert told.tools == ["read", "edit", "bash", "bash"]
    assert told.capture_method == LIVE
    assert told.events["turn_end"] == told.events["before_provider_request"] == 5
    (edit,), (commit,) = told.calls("edit"), told.calls("bash", COMMIT)
    assert told.inputs[edit] == EDIT
    assert str(told.results[commit]["content"]).strip() == live.commits()[0]
    assert "code 1" in str(told.results[told.calls("bash", "missing")[0]])
    assert None not in told.took_ms
    assert told.costs == (dollars(begun.served + gone_on.served),) * 2


def test_nothing_of_ours_is_committed(live: PiLive, working: tuple[Played, Played]) -> None:
    listed = ("git", "ls-tree", "-r", "--name-only", "HEAD")
    done = subprocess.run(listed, cwd=live.repository, capture_output=True, check=True)

    assert done.stdout.decode().split() == ["rates.txt"]


def test_branches_that_were_left_are_kept_beside_the_active_one(
    live: PiLive, branching: Played
) -> None:
    told = live.kept(branching.session, session_shutdown=1)
    branches = told.branches
    steps = [step for step in told.record["steps"] if step["role"] != "system"]
    fork = steps[1]["step_index"]

    assert told.prompts == [f"{ROOT}: begin", f"{LAST}: go on"]
    assert told.answers == [f"{ROOT} was said.", f"{LAST} was said."]
    assert SUMMARY in told.record["steps"][-3]["content"]
    assert [contents(each["steps"]) for each in branches["inactive"]] == [
        [f"{LEFT}: go left", "", f"{LEFT} was said."],
        [f"{RIGHT}: go right", f"{RIGHT} was said."],
    ]
    assert [each["fork_step"] for each in branches["inactive"]] == [fork, fork]
    assert [call["tool_name"] for call in branches["inactive"][0]["steps"][1]["tool_calls"]] == [
        "write"
    ]
    first, second = branches["transitions"]
    assert (first["fork_step"], first["step_index"]) == (fork, fork + 4)
    assert (second["fork_step"], second["step_index"]) == (fork, fork + 6)
    assert second["is_summed_up"]
    assert "is_summed_up" not in first
    assert told.events["session_tree"] == 3
    assert told.capture_method == LIVE


def test_what_branches_cost_is_told_twice(live: PiLive, branching: Played) -> None:
    told = live.told(branching.session)
    root, *left, summary, last = branching.served

    spent = branching.served if live.tells_of_summaries else [root, *left, last]
    assert told.costs == (dollars((root, last)), dollars(spent))
    assert dollars((summary,)) > 0
    assert told.limitations == ([] if live.tells_of_summaries else ["summary_cost_unknown"])


@pytest.mark.parametrize("word", [FORKED, FORKED_WITHIN])
def test_fork_is_kept(word: str, live: PiLive, branching: Played) -> None:
    parent = str(live.client.sessions()[branching.session])
    played = live.play(
        *(
            ("--fork", parent, "-p", f"{FORKED}: see to it")
            if word == FORKED
            else (*live.commands, "--session", parent, "-p", f"/branch {RIGHT} {word}: see to it")
        )
    )
    assert played.session != branching.session

    told = live.kept(played.session, session_shutdown=1)

    assert told.prompts == [f"{word}: see to it"]
    assert told.answers == [f"{word} was said."]
    assert told.record["metadata"]["pi"]["parent_session_id"] == branching.session
    assert told.costs == (dollars(played.served),) * 2
    assert told.capture_method == LIVE


def test_session_that_is_terminated_is_kept_at_its_end(terminated: PiTold) -> None:
    assert_was_cut(terminated, TERMINATED)
    assert "agent_end" not in terminated.events


@pytest.mark.parametrize("word", [word for word, _ in _UNENDED])
def test_session_without_an_end_is_kept_at_the_next_event(
    word: str, live: PiLive, unended: dict[str, Played], working: tuple[Played, Played]
) -> None:
    played = unended[word]
    assert played.code < 0

    told = live.kept(played.session, session_start=1)

    assert_was_cut(told, word)
    assert not {"agent_end", "session_shutdown"} & told.events.keys()
    assert told.costs == (dollars(played.served),) * 2


def test_error_of_the_service_is_kept(live: PiLive) -> None:
    played = live.play("-p", f"{FAILING}: see to it", code=1)

    told = live.kept(played.session, session_shutdown=1)

    assert (told.prompts, told.tools) == ([f"{FAILING}: see to it"], ["bash"])
    (failed,) = told.record["metadata"]["failures"]
    assert failed["step_index"] == told.record["steps"][-1]["step_index"]
    assert told.record["steps"][-1]["content"].startswith("400 ")
    assert told.costs == (dollars(played.served[:1]),) * 2
    assert told.capture_method == LIVE


def test_compaction_is_kept(live: PiLive) -> None:
    played = live.play(*live.commands, "-p", f"{LONG}: see to it", "/shorten", f"{SHORTER}: go on")

    told = live.kept(played.session, session_shutdown=1)

    assert told.prompts == [f"{LONG}: see to it", f"{SHORTER}: go on"]
    assert told.answers == ["", f"{LONG} was said.", f"{SHORTER} was said."]
    (compaction,) = told.record["metadata"]["compactions"]
    (step,) = (
        step for step in told.record["steps"] if step["step_index"] == compaction["step_index"]
    )
    assert (step["role"], SUMMARY in step["content"]) == ("system", True)
    assert told.events["session_compact"] == 1
    first, second, summary, last = played.served
    spent = played.served if live.tells_of_summaries else (first, second, last)
    assert told.costs == (dollars((first, second, last)), dollars(spent))
    assert dollars((summary,)) > 0
    assert told.limitations == ([] if live.tells_of_summaries else ["summary_cost_unknown"])
    assert told.capture_method == LIVE


def test_session_beside_a_faulty_extension_is_kept(live: PiLive) -> None:
    played = live.play(*live.loading("throwing", THROWING), "-p", f"{FAULTY}: see to it")

    told = live.kept(played.session, session_shutdown=1)

    assert told.prompts == [f"{FAULTY}: see to it"]
    assert told.answers == ["", f"{FAULTY} was said."]
    (refused,) = told.results.values()
    assert "faulty" in str(refused)
    assert [told.events[each] for each in ("turn_end", "agent_end", "session_shutdown")] == [
        2,
        1,
        1,
    ]
    assert told.costs == (dollars(played.served),) * 2
    assert told.capture_method == LIVE


def test_an_import_keeps_what_has_no_end_and_what_was_not_told_of(live: PiLive) -> None:
    left = live.cut(IMPORTED, SIGKILL)
    unheard = live.play("--no-extensions", "-p", f"{UNHEARD}: see to it")

    live.ours("import")

    for played in (left, unheard):
        assert live.is_given_back(played.session)
    assert_was_cut(live.told(left.session), IMPORTED)
    told = live.told(unheard.session)
    assert (told.prompts, told.answers) == ([f"{UNHEARD}: see to it"], [f"{UNHEARD} was said."])
    assert (told.limitations, told.capture_method) == (["transcript_reconstruction"], None)
    assert told.costs == (dollars(unheard.served),) * 2


def test_doctor_tells_of_a_first_prompt_that_was_abandoned(live: PiLive) -> None:
    with live.client.started(live.repository, "-p", f"{ABANDONED}: see to it") as running:
        live.model.wait_for(ABANDONED)
        running.send(SIGKILL)
        running.wait()

    (session,) = live.waiting()
    assert session not in live.client.sessions()
    assert events(live) == ["those of 1 session wait to be kept"]
    live.ours("ingest")
    assert live.record(session) is None

    long_ago = time.time() - 2 * _DAY_S
    os.utime(live.events_of(session), (long_ago, long_ago))

    assert events(live) == [
        "none waits to be kept",
        "some of 1 session lie in repositories for more than a day",
    ]
    assert live.waiting() == [session]


def assert_was_cut(told: PiTold, word: str) -> None:
    """Fail when it is not all that was said and done before a command was ended."""
    assert (told.prompts, told.answers) == ([f"{word}: wait"], [""])
    assert (told.tools, told.took_ms) == (["bash"], [None])
    assert told.events["tool_execution_start"] == told.events["before_provider_request"] == 1
    assert told.capture_method == LIVE


def events(live: PiLive) -> list[str]:
    """Return what doctor says of events that wait."""
    return [each["text"] for each in live.ours("doctor")["checks"] if each["topic"] == "events"]
