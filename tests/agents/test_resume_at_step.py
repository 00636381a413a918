"""The real client goes on with sessions that were cut, and asks what the model was asked then."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

import opentraces
from tests.agents.rig.claude_code import ClaudeCode, new_repository
from tests.agents.rig.fake_api import serving
from tests.agents.rig.installed import claude_code_program
from tests.agents.rig.live import Live
from tests.agents.rig.live_script import BEGUN, NEXT, RESUMED, SUMMARY, live_script
from tests.agents.rig.resuming import AGAIN, Cutting, GoneOn, added, is_of_client, said
from tests.agents.rig.script import Call, Lane, Text, answer
from tests.agents.rig.story import AFTER, BEFORE, MAIN, NOTES, RATES, TABLE, bash, files
from tests.git_repositories import git, program

pytestmark = pytest.mark.agents

SKILL, WEIGHED = "platypusskill", "It was weighed."
CONVERSATIONS = (MAIN, BEGUN, RESUMED, NEXT, SKILL)
_SKILL = "---\nname: weigh\ndescription: Weigh things\n---\nWeigh it well.\n"
_PARALLEL = (Call("Skill", {"skill": "weigh"}), bash("echo slow"), bash("echo quick"))


@pytest.fixture(scope="module")
def cutting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cutting]:
    claude_code_program()
    root = tmp_path_factory.mktemp("resuming")
    repository = root / "rates"
    (root / "home").mkdir()
    new_repository(repository, files())
    skill = repository / ".claude" / "skills" / "weigh" / "SKILL.md"
    skill.parent.mkdir(parents=True)
    skill.write_text(_SKILL)
    script = [
        Lane(AGAIN, (answer(Text("Here we are again.")),) * 100, is_last_word=True),
        Lane(SKILL, (answer(*_PARALLEL), answer(Text(WEIGHED)))),
        *live_script(repository),
    ]
    with serving(script) as (api, address):
        yield Cutting(Live(ClaudeCode(root / "home", repository, address), api))


@pytest.fixture(scope="module")
def busy(cutting: Cutting) -> str:
    """A session with thinking, parallel calls, edits, sub-agents, a commit, and a late word."""
    return kept(cutting, cutting.live.client.prompt(f"{MAIN}: mend the table"))


@pytest.fixture(scope="module")
def compacted(cutting: Cutting) -> str:
    """A session that was gone on with, compacted, and gone on with again."""
    client = cutting.live.client
    session = client.prompt(f"{BEGUN}: begin")
    client.prompt(f"{RESUMED}: go on", "--resume", session)
    assert client.run("/compact", "--resume", session).code == 0
    client.prompt(f"{NEXT}: more", "--resume", session)
    return kept(cutting, session)


@pytest.fixture(scope="module")
def parallel(cutting: Cutting) -> str:
    """A session in which words stand between calls that were made together."""
    return kept(cutting, cutting.live.client.prompt(f"{SKILL}: weigh"))


def kept(cutting: Cutting, session: str) -> str:
    cutting.live.program.run("import", "--all")
    return session


@pytest.fixture(scope="module")
def gone_on(cutting: Cutting, busy: str, compacted: str, parallel: str) -> dict[str, list[GoneOn]]:
    """What the client did with each session, cut at each step that it can be cut at."""
    before = {session: cutting.live.transcripts(session) for session in (busy, compacted, parallel)}
    found = {session: cutting.gone_on(session) for session in before}
    assert before == {session: cutting.live.transcripts(session) for session in before}
    return found


def test_a_client_asks_first_what_was_asked_for_each_answer(
    cutting: Cutting, gone_on: dict[str, list[GoneOn]]
) -> None:
    own = [one for one in cutting.live.api.served if one.lane in CONVERSATIONS]
    steps = [each for group in gone_on.values() for each in group]
    found = {each.step.native.get("message_id"): each for each in steps}

    for message in (one.message_id for one in own if one.agent_id is None):
        each = found[message]
        more = added(each.asked, cutting.asked_for(message))
        assert is_of_client(more), (each.step.step.step_index, more)


def test_a_client_asks_first_what_was_said_before_each_prompt(
    cutting: Cutting, compacted: str, gone_on: dict[str, list[GoneOn]]
) -> None:
    prompts = {
        word: each
        for each in gone_on[compacted]
        for word in (RESUMED, NEXT)
        if each.step.step.role == "user" and word in str(each.step.step.content)
    }

    assert prompts.keys() == {RESUMED, NEXT}
    for word, each in prompts.items():
        asked = [block for block in answered(cutting, word) if word not in str(block)]
        assert is_of_client(added(each.asked, asked)), word
        assert word not in str(each.asked)
    assert SUMMARY in str(prompts[NEXT].asked)
    assert SUMMARY not in str(prompts[RESUMED].asked)


def answered(cutting: Cutting, word: str) -> list[tuple[str, object]]:
    """What the model was asked when a prompt with a word was the last thing said."""
    requests = (said(each) for each in cutting.live.api.requests)
    return next(blocks for blocks in requests if word in str(blocks[-1]))


def test_every_step_of_a_session_can_be_gone_on_from_but_few(
    cutting: Cutting, busy: str, compacted: str, parallel: str
) -> None:
    found = {session: refusals(cutting, session) for session in (busy, compacted, parallel)}

    record = cutting.live.program.json("trace", "get", busy)
    helpers = [each for each in record["steps"] if each["call_type"] == "subagent"]
    assert len(helpers) > 5
    for step in helpers:
        assert found[busy].pop(step["step_index"]).endswith(f"--at-step {step['parent_step']}")
    found[busy] = {n: words for n, words in found[busy].items() if "a sub-agent's" not in words}
    assert [list(refused) for refused in found.values()] == [[1], [1, 7], [1, 3]]
    assert "nothing is said before it" in found[busy][1]
    assert "a compaction; steps that can be: before it: 6, after it: 8 →" in found[compacted][7]
    assert "made together; steps that can be: before it: 2, after it: 4 →" in found[parallel][3]


def refusals(cutting: Cutting, session: str) -> dict[int, str]:
    """Why steps cannot be gone on from, by number."""
    return {
        number: words
        for step in cutting.steps(session)
        for number in (step.step.step_index,)
        for words in (cutting.refusal(session, number),)
        if words is not None
    }


def test_a_prompt_that_went_back_is_asked_where_it_went_back_to(
    cutting: Cutting, compacted: str
) -> None:
    """What the client writes when somebody takes back what was said since."""
    (name, data), *_ = cutting.live.transcripts(compacted).items()
    lines = [orjson.loads(line) for line in data.splitlines()]
    typed = {
        word: next(n for n, v in enumerate(lines) if is_typed(v, word)) for word in (BEGUN, RESUMED)
    }
    back = [*lines[: typed[RESUMED] + 2], dict(lines[typed[RESUMED]])]
    back[-1] |= {"uuid": "0b7d6f3a-0000-4000-8000-0000000000bb"}
    back[-1]["message"] = {"role": "user", "content": "quollback: go on otherwise"}
    new = "0b7d6f3a-0000-4000-8000-0000000000aa"
    path = cutting.live.client.claude / "projects" / Path(name).with_name(f"{new}.jsonl")
    path.write_bytes(b"".join(orjson.dumps(v | {"sessionId": new}) + b"\n" for v in back))
    kept(cutting, new)
    *_, step = cutting.steps(new)
    assert "quollback" in str(step.step.content)

    gone = cutting.go_on(step, cutting.planned(new, step.step.step_index))

    assert RESUMED not in str(gone.asked)
    assert f"{BEGUN} was said." in str(gone.asked)


def is_typed(line: dict[str, object], word: str) -> bool:
    return line["type"] == "user" and word in str(line["message"])


@pytest.mark.parametrize(
    ("word", "holds"),
    [
        ("I look first", {TABLE: BEFORE, RATES: BEFORE, NOTES: None}),
        ("Agent", {TABLE: AFTER, RATES: BEFORE, NOTES: None}),
        ("seq 1 20000", {TABLE: AFTER, RATES: AFTER, NOTES: "# Notes\n"}),
    ],
)
def test_the_command_becomes_the_client_with_the_files_as_they_were(
    cutting: Cutting, busy: str, tmp_path: Path, word: str, holds: dict[str, str | None]
) -> None:
    step = next(
        each
        for each in cutting.steps(busy)
        if word in str((*each.step.tool_calls, each.step.content))
    )
    client = cutting.live.client
    before = git(client.repository, "status", "--porcelain"), cutting.live.transcripts(busy)
    options = f"-p '{AGAIN}: go on' --model {client.model} --permission-mode bypassPermissions"
    script = f'pwd > {tmp_path}/at; exec {claude_code_program()} "$@" {options}'
    path = f"{program(tmp_path / 'bin', 'claude', script)}{os.pathsep}{os.environ['PATH']}"
    told = {"PATH": path, "PYTHONPATH": str(Path(opentraces.__file__).parents[1])}

    at = ("ctx", "resume", busy, "--at-step", str(step.step.step_index))
    went = subprocess.run(
        (sys.executable, "-m", "opentraces", *at),
        cwd=tmp_path,
        env={**client.environment, **cutting.live.program.environment, **told},
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert went.returncode == 0, went
    assert b"Here we are again." in went.stdout
    folder = Path((tmp_path / "at").read_text().strip())
    for name, text in holds.items():
        file = folder / name
        assert text in file.read_text() if text is not None else not file.exists(), name
    session = cutting.live.api.served[-1].session
    message = step.native["message_id"]
    assert is_of_client(added(cutting.asked_first(session), cutting.asked_for(message)))
    after = git(client.repository, "status", "--porcelain"), cutting.live.transcripts(busy)
    assert after == before
