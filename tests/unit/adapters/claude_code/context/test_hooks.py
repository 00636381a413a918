"""Words of hooks of tools: in their turn a message, later a part of the result."""

from typing import Any

from tests.unit.adapters.claude_code.context.telling import Story, called

_ADDED: dict[str, Any] = {
    "hookName": "PostToolUse:Bash",
    "hookEvent": "PostToolUse",
    "content": ["It was run."],
}
_WORDS = (
    "<system-reminder>\nPostToolUse:Bash hook additional context: It was run.\n</system-reminder>"
)


def hooked(entrypoint: str) -> Story:
    story = Story()
    story.typed("one", entrypoint=entrypoint)
    story.answer("first", called("x"), uuid="a1")
    story.answer("first", called("y"), uuid="a2")
    for call, line in (("x", "a1"), ("y", "a2")):
        story.result(call, "done", parentUuid=line)
        story.attached("hook_additional_context", **_ADDED)
    story.answer("second")
    story.typed("Go on.", isMeta=True, promptId="p-one", entrypoint=entrypoint)
    story.answer("third")
    story.typed("two", entrypoint=entrypoint)
    story.answer("fourth")
    return story


def test_in_the_turn_they_stand_after_all_results() -> None:
    story = hooked("cli")

    results = ["x: done", "y: done", f"u {_WORDS}\n", f"u {_WORDS}"]
    assert story.saw("second")[3:] == results
    assert story.saw("third")[3:] == [*results, "a second", "u Go on."]


def test_in_later_turns_they_are_a_part_of_their_results() -> None:
    story = hooked("cli")

    parts = [f"x: done\n\n{_WORDS}", f"y: done\n\n{_WORDS}"]
    assert story.saw("fourth")[3:] == [*parts, "a second", "u Go on.", "a third", "u two"]
    node = story.node("fourth")
    assert (node.branch_type, node.kept) == ("linear", 4)
    assert node.parent == story.node("third").node_id


def test_a_client_that_is_started_anew_forgets_those_of_all_results_but_the_last() -> None:
    story = hooked("sdk-cli")

    assert story.saw("fourth")[3:5] == ["x: done", f"y: done\n\n{_WORDS}"]
