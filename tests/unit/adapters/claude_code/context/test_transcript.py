"""What the model saw at each answer, line by line."""

from typing import Any

import pytest

from tests.unit.adapters.claude_code.context.telling import Story, called, said


@pytest.fixture
def story() -> Story:
    return Story()


def test_an_answer_saw_what_was_said_before_it(story: Story) -> None:
    story.typed("one")
    story.answer("first")
    story.typed("two")
    story.answer("second")

    assert story.saw("first") == ["u one"]
    assert story.saw("second") == ["u one", "a first", "u two"]
    assert [node.branch_type for node in story.nodes] == ["root", "linear"]


def test_lines_of_one_answer_are_one_call(story: Story) -> None:
    story.typed("one")
    story.answer("first", said("a"), uuid="a1")
    story.answer("first", called("x"), uuid="a2")
    story.result("x", "done")
    story.answer("second")

    assert [node.call for node in story.nodes] == ["first", "second"]
    assert story.saw("second") == ["u one", "a a", "a x?", "x: done"]


def test_results_before_the_last_line_of_their_answer_come_after_it(story: Story) -> None:
    story.typed("one")
    story.answer("first", called("x"), uuid="a1")
    story.result("x", "done")
    story.answer("first", called("y"), uuid="a2", parentUuid="a1")
    story.result("y", "done, too", parentUuid="a2")
    story.answer("second")

    assert story.saw("second")[1:] == ["a x?", "a y?", "x: done", "y: done, too"]


def test_parallel_results_hang_on_their_calls_and_are_no_going_back(story: Story) -> None:
    story.typed("one")
    story.answer("first", called("x"), uuid="a1")
    story.answer("first", called("y"), uuid="a2")
    story.result("y", "sooner", parentUuid="a2")
    story.result("x", "later", parentUuid="a1")
    story.answer("second")

    assert story.saw("second")[3:] == ["y: sooner", "x: later"]
    assert story.node("second").branch_type == "linear"


def test_attachments_stand_before_what_was_typed(story: Story) -> None:
    story.typed("one")
    story.attached("total_tokens_reminder", text="two")
    story.attached("total_tokens_reminder", text="three")
    story.answer("first")

    two, three, one = story.saw("first")
    assert (two, three) == (reminder("two"), reminder("three") + "\n")
    assert one == "u one"


def test_an_attachment_after_a_result_is_a_part_of_it(story: Story) -> None:
    story.typed("one")
    story.answer("first", called("x"))
    story.result("x", " done\t")
    story.attached("total_tokens_reminder", text="two")
    story.answer("second")

    assert story.saw("second")[-1] == f"x: done\n\n{reminder('two')[2:]}"


def test_an_attachment_after_a_result_of_blocks_stands_alone(story: Story) -> None:
    story.typed("one")
    story.answer("first", called("x"))
    story.result("x", [said("done")])
    story.attached("total_tokens_reminder", text="two")
    story.answer("second")

    assert story.saw("second")[-2:] == [f"x: {[said('done')]}", reminder("two")]


def test_what_a_later_release_rendered_is_a_block_of_the_result(story: Story) -> None:
    story.typed("one")
    story.answer("first", called("x"))
    story.result("x", [said("done")])
    story.attached("anything", beside={"rendered": [{"content": "two"}]})
    story.answer("second")

    assert story.saw("second")[-1] == f"x: {[said('done' + chr(10)), said('two')]}"


def test_a_text_that_another_follows_ends_in_a_newline(story: Story) -> None:
    story.typed("one")
    story.typed([said("two")], uuid="u2")
    story.answer("first")

    assert story.saw("first") == ["u one\n", "u two"]


@pytest.mark.parametrize(
    "line",
    [
        {"isVisibleInTranscriptOnly": True, "message": {"content": "hidden"}},
        {"message": {"content": ""}},
        {"message": {}},
        {"message": 7},
    ],
)
def test_what_is_not_sent_is_not_seen(story: Story, line: dict[str, Any]) -> None:
    story.typed("one")
    story.line("u2", "user", **line)
    story.answer("first")

    assert story.saw("first") == ["u one"]


def test_an_error_of_the_service_is_no_answer_and_not_sent(story: Story) -> None:
    story.typed("one")
    story.answer("x", said("API Error"), isApiErrorMessage=True)
    story.typed("two")
    story.answer("first")

    assert [node.call for node in story.nodes] == ["first"]
    assert story.saw("first") == ["u one\n", "u two"]


def test_what_the_model_was_made_to_say_is_sent_and_no_call(story: Story) -> None:
    story.typed("one")
    told = {"id": "x", "model": "<synthetic>", "content": [said("No response requested.")]}
    story.line("s", "assistant", message=told, isApiErrorMessage=False)
    story.typed("two")
    story.answer("first")

    assert [node.call for node in story.nodes] == ["first"]
    assert story.saw("first") == ["u one", "a No response requested.", "u two"]


def test_a_helper_begins_with_a_branch_of_its_own() -> None:
    story = Story(is_main=False)
    story.typed("one")
    story.answer("first")
    story.typed("two")
    story.answer("second")

    assert [node.branch_type for node in story.nodes] == ["subagent_fork", "linear"]


def test_the_day_stands_before_the_prompt_of_a_release_whose_words_are_known() -> None:
    for version, blocks in (("2.1.197", 2), ("1.0.51", 1)):
        story = Story(version=version)
        story.typed("one")
        story.answer("first")
        assert len(story.node("first").added) == blocks
        assert story.node("first").limitations == ("opening_approximated",)


def test_a_summary_takes_the_place_of_all_before_it(story: Story) -> None:
    story.typed("one")
    story.answer("first")
    compacted(story, kept=[])
    story.typed("two")
    story.answer("second")

    assert story.saw("second") == ["u summed up\n", "u two"]
    node = story.node("second")
    assert (node.branch_type, node.kept) == ("compaction_fork", 0)
    assert node.parent == story.node("first").node_id


def test_messages_that_a_compaction_keeps_come_after_the_summary(story: Story) -> None:
    story.typed("one")
    story.answer("first")
    compacted(story, kept=["a-first"])
    story.typed("two")
    story.answer("second")

    assert story.saw("second") == ["u summed up", "a first", "u two"]
    assert "kept_messages_unknown" not in story.node("second").limitations


def test_messages_that_are_not_known_any_more_are_a_limitation(story: Story) -> None:
    story.typed("one")
    story.answer("first")
    compacted(story, kept=["gone"])
    story.answer("second")

    assert "kept_messages_unknown" in story.node("second").limitations


def test_a_summary_without_a_boundary_is_a_compaction(story: Story) -> None:
    story.typed("one")
    story.answer("first")
    story.typed("summed up", isCompactSummary=True)
    story.answer("second")

    assert story.saw("second") == ["u summed up"]
    assert story.node("second").branch_type == "compaction_fork"


def test_an_answer_written_before_its_prompt_waits_for_it(story: Story) -> None:
    story.answer("first", called("x"), parentUuid="u-one")
    story.line("u-one", "user", message={"content": "one"}, parentUuid=None)
    story.result("x", "done", parentUuid="a-first")
    story.answer("second")

    assert story.saw("first") == ["u one"]
    assert story.saw("second") == ["u one", "a x?", "x: done"]
    assert story.node("first").limitations == ("opening_approximated",)


def test_an_answer_whose_prompt_never_comes_is_told_when_it_is_gone_on_from(story: Story) -> None:
    story.answer("first", called("x"), parentUuid="gone")
    assert story.nodes == []
    story.result("x", "done")
    story.answer("second")

    assert story.saw("first") == []
    assert story.node("first").limitations == ("unknown_parent",)
    assert story.saw("second") == ["a x?", "x: done"]


def test_what_is_not_known_of_a_call_is_a_limitation_of_that_call_alone(story: Story) -> None:
    story.typed("one")
    story.attached("no such kind")
    story.line("m", "system", subtype="microcompact_boundary")
    story.miss()
    story.answer("first")
    story.typed("two")
    story.answer("second")

    limitations = ("attachment_unknown", "context_edited", "giant_line", "opening_approximated")
    assert story.node("first").limitations == limitations
    assert story.node("second").limitations == ()


def test_a_block_that_is_nested_too_deep_is_a_limitation(story: Story) -> None:
    deep: Any = 1
    for _ in range(150):
        deep = {"a": deep}
    story.typed([said("one"), {"type": "tool_result", "content": [deep]}])
    story.answer("first")

    assert story.saw("first") == ["u one"]
    assert "block_unreadable" in story.node("first").limitations


def test_model_and_permissions_are_told_once_until_they_change(story: Story) -> None:
    for number in range(3):
        mode = "plan" if number else "default"
        story.typed(f"prompt {number}", permissionMode=mode)
        story.answer(f"answer {number}")

    states = [layer.content for layer in story.layers]
    assert states == [
        {"model": "claude-sonnet-4-5", "permission_mode": "default"},
        {"model": "claude-sonnet-4-5", "permission_mode": "plan"},
    ]
    first, second, third = (node.runtime_state for node in story.nodes)
    assert first != second == third


def reminder(text: str) -> str:
    return f"u <system-reminder>\n{text}\n</system-reminder>"


def compacted(story: Story, kept: list[str]) -> None:
    about = {"preservedMessages": {"uuids": kept}}
    boundary = {"subtype": "compact_boundary", "compactMetadata": about, "parentUuid": None}
    story.line("b", "system", **boundary)
    story.typed("summed up", isCompactSummary=True, isVisibleInTranscriptOnly=True)
