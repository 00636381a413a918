"""Prompts that go on from an earlier line than the one before them."""

import pytest

from tests.unit.adapters.claude_code.context.telling import Story, called, said


@pytest.fixture
def story() -> Story:
    told = Story()
    told.typed("one")
    told.answer("first")
    told.typed("two")
    told.answer("second")
    return told


def test_a_prompt_in_the_place_of_another_goes_on_from_before_it(story: Story) -> None:
    story.typed("instead", parentUuid="a-first")
    story.answer("third")

    assert story.saw("third") == ["u one", "a first", "u instead"]
    assert story.node("third").branch_type == "rewind_branch"
    assert story.node("third").parent == story.node("second").node_id


def test_going_on_from_the_line_before_is_no_going_back(story: Story) -> None:
    story.line("d", "system", subtype="turn_duration")
    story.typed("three", parentUuid="a-second")
    story.answer("third")

    assert story.node("third").branch_type == "linear"
    assert story.node("third").kept is None


def test_the_first_prompt_may_be_another(story: Story) -> None:
    story.typed("instead", parentUuid=None)
    story.answer("third")

    assert story.saw("third") == ["u instead"]
    node = story.node("third")
    assert (node.branch_type, node.parent) == ("rewind_branch", None)


def test_a_prompt_that_was_not_answered_is_replaced(story: Story) -> None:
    story.typed("three")
    story.typed("instead", parentUuid="a-second")
    story.answer("third")

    assert story.saw("third") == ["u one", "a first", "u two", "a second", "u instead"]
    assert story.node("third").branch_type == "linear"


def test_a_prompt_after_others_that_were_not_answered_goes_on(story: Story) -> None:
    story.typed("three")
    story.typed("four")
    story.answer("third")

    assert story.saw("third")[-2:] == ["u three\n", "u four"]


def test_a_call_that_never_ended_is_left_out(story: Story) -> None:
    story.typed("three")
    story.answer("third", said("I wait."), uuid="a1")
    story.answer("third", called("x"), uuid="a2")
    story.typed("Continue", parentUuid="a1", isMeta=True)
    story.answer("fourth")

    assert story.saw("fourth")[-2:] == ["a I wait.", "u Continue"]


def test_an_answer_that_is_only_a_call_that_never_ended_leaves_its_prompt(story: Story) -> None:
    story.typed("three")
    story.answer("third", called("x"))
    story.typed("Continue", parentUuid="u-three", isMeta=True)
    story.answer("fourth")

    assert story.saw("fourth")[-2:] == ["u three\n", "u Continue"]
    assert story.node("fourth").branch_type == "rewind_branch"


def test_a_prompt_after_a_command_is_gone_back_to_with_the_command(story: Story) -> None:
    story.line("c", "system", subtype="local_command", content="printed")
    story.typed("three")
    story.attached("total_tokens_reminder", text="many")
    story.answer("third")
    story.typed("instead", parentUuid="c")
    story.answer("fourth")

    assert story.saw("fourth")[-2:] == ["u printed\n", "u instead"]


def test_going_back_twice_to_one_place_gives_the_same_place(story: Story) -> None:
    for number in range(2):
        story.typed(f"instead {number}", parentUuid="a-first")
        story.answer(f"other {number}")

    one, other = story.node("other 0"), story.node("other 1")
    assert (one.parent, one.kept) == (other.parent, other.kept)
    assert story.saw("other 1") == ["u one", "a first", "u instead 1"]


def test_an_unknown_parent_goes_on_with_a_limitation(story: Story) -> None:
    story.typed("three", parentUuid="gone")
    story.answer("third")

    assert story.saw("third")[-2:] == ["a second", "u three"]
    assert story.node("third").limitations == ("unknown_parent",)
    assert story.node("third").branch_type == "linear"


def test_of_the_lines_long_ago_only_those_before_prompts_are_known(story: Story) -> None:
    for number in range(520):
        story.line(f"d{number}", "system", subtype="turn_duration")
    story.typed("instead", parentUuid="a-first")
    story.answer("third")
    story.typed("other", parentUuid="u-two")
    story.answer("fourth")

    assert story.node("third").branch_type == "rewind_branch"
    assert story.node("third").limitations == ()
    assert story.node("fourth").limitations == ("unknown_parent",)


def test_what_hangs_on_a_call_is_no_going_back(story: Story) -> None:
    story.typed("three")
    story.answer("third", called("x"), uuid="a1")
    story.answer("third", called("y"), uuid="a2")
    story.result("x", "done", parentUuid="a1")
    story.result("y", "done", parentUuid="a2")
    story.typed("A skill.", parentUuid="r-x", isMeta=True, sourceToolUseID="x")
    story.answer("fourth")

    assert story.saw("fourth")[-3:] == ["x: done", "y: done", "u A skill."]
    assert story.node("fourth").branch_type == "linear"
