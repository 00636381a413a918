"""Which commands seem to make a commit."""

import pytest

from opentraces.domain.committing import has_committed, is_commit
from opentraces.domain.step import Step, ToolCall


@pytest.mark.parametrize(
    "command",
    [
        "git commit -m x",
        "make && git add -A && git commit --amend",
        "git -C there -c user.name=A commit",
        "git status\ngit commit",
        "/usr/bin/git commit",
    ],
)
def test_these_do(command: str) -> None:
    assert is_commit(command)


@pytest.mark.parametrize(
    "command", ["", "git status", "git pull; echo commit", "commit", "git committed", "gitk commit"]
)
def test_these_do_not(command: str) -> None:
    assert not is_commit(command)


def test_a_step_says_so_by_its_calls() -> None:
    def ran(command: object) -> Step:
        call = ToolCall(tool_call_id="c", tool_name="bash", input={"command": command})
        return Step(step_index=1, role="agent", tool_calls=(call,))

    assert has_committed(ran("git commit"))
    assert has_committed(ran(["bash", "-lc", "git add . && git commit"]))
    assert not has_committed(ran("git log"))
    assert not has_committed(Step(step_index=1, role="agent"))
