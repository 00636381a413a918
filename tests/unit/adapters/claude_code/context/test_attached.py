"""The words that become of attachments."""

from typing import Any

import pytest

from tests.unit.adapters.claude_code.context.telling import Story, said

CHANGED = (
    "Note: a.py was modified, either by the user or by a linter. This change was intentional, so "
    "make sure to take it into account as you proceed (ie. don't revert it unless the user asks "
    "you to). Don't tell the user this, since they are already aware. "
)


def words(kind: str, **more: Any) -> list[str]:
    """Return what an attachment alone becomes, without the marks of a reminder."""
    story = Story()
    story.attached(kind, **more)
    story.answer("first")
    begin, end = "u <system-reminder>\n", "\n</system-reminder>"
    return [each.rstrip("\n").removeprefix(begin).removesuffix(end) for each in story.saw("first")]


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        (
            "agent_listing_delta",
            {"addedLines": ["- a: b"], "removedTypes": []},
            "New agent types are now available for the Agent tool:\n- a: b",
        ),
        (
            "nested_memory",
            {"content": {"path": "/w/CLAUDE.md", "content": "Be brief."}},
            "Contents of /w/CLAUDE.md:\n\nBe brief.",
        ),
        (
            "edited_text_file",
            {"filename": "a.py", "snippet": "1\tx"},
            f"{CHANGED}Here are the relevant changes (shown with line numbers):\n1\tx",
        ),
        (
            "date_change",
            {"newDate": "2026-11-02"},
            "The date has changed. Today's date is now 2026-11-02. DO NOT mention this to the user "
            "explicitly because they are already aware.",
        ),
        (
            "hook_stopped_continuation",
            {"hookName": "Stop", "message": "enough", "hookEvent": "Stop"},
            "Stop hook stopped continuation: enough",
        ),
        (
            "queued_command",
            {"prompt": [said("one"), said("two")], "commandMode": "prompt"},
            "The user sent a new message while you were working:\none\ntwo\n\nIMPORTANT: After "
            "completing your current task, you MUST address the user's message above. Do not "
            "ignore it.",
        ),
        (
            "task_reminder",
            {"content": [{"id": "1", "subject": "a", "status": "pending"}, 7]},
            "The task tools haven't been used recently. If you're working on tasks that would "
            "benefit from tracking progress, consider using TaskCreate to add new tasks and "
            "TaskUpdate to update task status (set to in_progress when starting, completed when "
            "done). Also consider cleaning up the task list if it has become stale. Only use "
            "these if relevant to the current work. This is just a gentle reminder - ignore if "
            "not applicable.\n\n\nHere are the existing tasks:\n\n#1. [pending] a",
        ),
    ],
)
def test_an_attachment_becomes_words(kind: str, fields: dict[str, Any], expected: str) -> None:
    assert words(kind, **fields) == [expected]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("command_permissions", {"allowedTools": []}),
        ("hook_success", {"hookEvent": "PostToolUse", "content": "printed"}),
        ("hook_additional_context", {"content": []}),
        ("skill_listing", {"content": ""}),
        ("agent_listing_delta", {"addedLines": 7}),
        ("prompt_snapshot", {"systemPrompt": 7, "tools": {}}),
    ],
)
def test_some_attachments_become_nothing(kind: str, fields: dict[str, Any]) -> None:
    assert words(kind, **fields) == []


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("", {}),
        ("of no known kind", {}),
        ("deferred_tools_delta", {"addedLines": ["A"], "removedNames": ["B"]}),
        ("queued_command", {"prompt": "x", "origin": {"kind": "channel"}}),
        ("file", {"filename": "a.pdf", "content": {"type": "pdf"}}),
        ("file", {"filename": "a.py", "content": {"type": "text", "file": {"content": "x"}}}),
        ("directory", {"path": "with a space", "content": "x"}),
    ],
)
def test_what_is_not_known_is_a_limitation(kind: str, fields: dict[str, Any]) -> None:
    story = Story()
    story.typed("one")
    story.attached(kind, **fields)
    story.answer("first")

    assert story.saw("first") == ["u one"]
    assert "attachment_unknown" in story.node("first").limitations


def test_a_snapshot_is_the_system_prompt_and_the_tools() -> None:
    story = Story()
    story.typed("one")
    tools = [{"name": "Read"}]
    story.attached("prompt_snapshot", systemPrompt=["a", "b"], cliPrefix="You.", tools=tools)
    story.answer("first")

    kinds = {layer.kind: layer for layer in story.layers}
    assert kinds.keys() == {"system", "tool_registry", "runtime_state"}
    node = story.node("first")
    assert node.system == kinds["system"].layer_id
    assert node.completeness == {
        "system": "full",
        "tool_registry": "approximated",
        "runtime_state": "approximated",
        "messages": "approximated",
    }
