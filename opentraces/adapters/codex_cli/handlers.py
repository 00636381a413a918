"""Which function reads which line. Lines that none reads are known, and say nothing of a step."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from opentraces.adapters._reading.values import mapping, text
from opentraces.adapters.codex_cli.answers import (
    hear_reasoning,
    hear_words,
    take_call,
    take_reasoning,
    take_sealed,
    take_words,
)
from opentraces.adapters.codex_cli.line_types import EVENT, ITEM, RESPONSE
from opentraces.adapters.codex_cli.outcomes import take_end, take_output, take_started
from opentraces.adapters.codex_cli.scene import Scene
from opentraces.adapters.codex_cli.tally import take_git
from opentraces.adapters.codex_cli.texts import shown
from opentraces.adapters.codex_cli.turns import (
    take_aborted,
    take_begin,
    take_complete,
    take_context,
    take_error,
    take_meta,
    take_rollback,
)
from opentraces.adapters.codex_cli.usage import take_count, take_record, take_settings
from opentraces.adapters.codex_cli.utterances import (
    hear_prompt,
    prompt_of,
    take_agent_message,
    take_compacted,
    take_input,
)

Handler = Callable[[Scene, dict[str, Any]], None]


def _take_message(scene: Scene, payload: dict[str, Any]) -> None:
    take = take_words if payload.get("role") == "assistant" else take_input
    take(scene, payload)


def _take_call(kind: str) -> Handler:
    return lambda scene, payload: take_call(scene, kind, payload)


def _take_end(kind: str) -> Handler:
    """Read an item that ends, or an event of the legacy dialect, whose fields are its own."""
    return lambda scene, payload: take_end(
        scene, payload, kind, mapping(payload.get("item")) or payload
    )


def _take_item(take: Callable[[Scene, dict[str, Any]], None]) -> Handler:
    return lambda scene, payload: take(scene, mapping(payload.get("item")) or payload)


def _hear_answer(scene: Scene, item: dict[str, Any]) -> None:
    hear_words(scene, text(item.get("id")), shown(item.get("content")))


def _hear_thoughts(scene: Scene, item: dict[str, Any]) -> None:
    parts = [item.get(name) for name in ("summary_text", "raw_content")]
    words = [each for part in parts if type(part) is list for each in part]
    hear_reasoning(scene, text(item.get("id")), [each for each in words if text(each)])


def _hear_text(scene: Scene, payload: dict[str, Any], field: str, hear: Any) -> None:
    words = text(payload.get(field))
    if words is not None:
        hear(scene, words)


def _hear_thought(scene: Scene, words: str) -> None:
    hear_reasoning(scene, None, [words])


def _hear_message(scene: Scene, words: str) -> None:
    hear_words(scene, None, words)


def _take_bare_git(scene: Scene, payload: dict[str, Any]) -> None:
    take_git(scene.tally, payload.get("git"))


HANDLERS: Mapping[str, Handler] = {
    "session_meta": take_meta,
    "turn_context": take_context,
    "token_usage_record": take_record,
    "compacted": take_compacted,
    "record": _take_bare_git,
    f"{RESPONSE}message": _take_message,
    f"{RESPONSE}agent_message": take_agent_message,
    f"{RESPONSE}reasoning": take_reasoning,
    f"{RESPONSE}compaction": take_sealed,
    f"{RESPONSE}compaction_summary": take_sealed,
    f"{RESPONSE}context_compaction": take_sealed,
    f"{RESPONSE}function_call_output": take_output,
    f"{RESPONSE}custom_tool_call_output": take_output,
    f"{RESPONSE}tool_search_output": take_output,
    **{
        f"{RESPONSE}{kind}": _take_call(kind)
        for kind in (
            "function_call",
            "custom_tool_call",
            "local_shell_call",
            "tool_search_call",
            "web_search_call",
            "image_generation_call",
        )
    },
    f"{EVENT}task_started": take_begin,
    f"{EVENT}task_complete": take_complete,
    f"{EVENT}turn_aborted": take_aborted,
    f"{EVENT}token_count": take_count,
    f"{EVENT}thread_settings_applied": take_settings,
    f"{EVENT}thread_rolled_back": take_rollback,
    f"{EVENT}error": take_error,
    f"{EVENT}user_message": partial(_hear_text, field="message", hear=hear_prompt),
    f"{EVENT}agent_message": partial(_hear_text, field="message", hear=_hear_message),
    f"{EVENT}agent_reasoning": partial(_hear_text, field="text", hear=_hear_thought),
    f"{EVENT}thread_name_updated": lambda scene, said: scene.tally.name_thread(
        said.get("thread_name")
    ),
    f"{EVENT}exec_command_end": _take_end("CommandExecution"),
    f"{EVENT}patch_apply_end": _take_end("FileChange"),
    f"{EVENT}mcp_tool_call_end": _take_end("McpToolCall"),
    f"{EVENT}sub_agent_activity": take_started,
    f"{ITEM}UserMessage": _take_item(lambda scene, item: hear_prompt(scene, prompt_of(item))),
    f"{ITEM}AgentMessage": _take_item(_hear_answer),
    f"{ITEM}Reasoning": _take_item(_hear_thoughts),
    f"{ITEM}SubAgentActivity": _take_item(take_started),
    f"{ITEM}CollabAgentToolCall": _take_item(take_started),
    **{
        f"{ITEM}{kind}": _take_end(kind)
        for kind in ("CommandExecution", "FileChange", "McpToolCall", "DynamicToolCall")
    },
}
"""By the name of the line, as `line_types` has it."""
