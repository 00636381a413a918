"""What the model is told by an entry that is no answer of its own."""

from collections.abc import Iterator
from typing import Any

from opentraces.adapters.pi.context.forms import (
    Said,
    data_url,
    image_block,
    result_block,
    text_block,
)
from opentraces.adapters.pi.context.places import Placed, Words, joined

MESSAGES, COMPLETIONS, RESPONSES = "anthropic-messages", "openai-completions", "openai-responses"
"""Names of services' ways to be asked, as Pi has them."""

APIS = frozenset((MESSAGES, COMPLETIONS, RESPONSES))
"""Those that are known here."""

SEEN_ELSEWHERE, NO_OUTPUT = "(see attached image)", "(no tool output)"
"""What stands for the text of a result that has none."""

NOTHING_GIVEN = "No result provided"
"""What the model is told of a call that has no result."""

_SUMMED = "The conversation history before this point was compacted into the following summary:"
_CAME_BACK = "The following is a summary of a branch that this conversation came back from:"
_IMAGES = "Attached image(s) from tool result:"


def spoken(content: Placed, api: str = "", is_later: bool = False) -> list[Said]:
    """Return what somebody other than the model said: a text, or blocks of text and images.

    Messages is not told of a text that nobody would see; Chat Completions, by a later release, not
    of one without a character.
    """
    if type(content.value) is str:
        parts = [text_block("user", content.words)]
    else:
        parts = [said for part in content.each() for said in _part(part)]
    texts = (each.value.get("text") for each in parts)
    shown = [text is None or _is_told(text, api, is_later) for text in texts]
    return [part for part, is_told in zip(parts, shown, strict=True) if is_told]


def _is_told(text: str, api: str, is_later: bool) -> bool:
    if api == RESPONSES:
        return True
    if api == COMPLETIONS:
        return bool(text) or not is_later
    return bool(text.strip())


def summed_up(summary: Placed) -> list[Said]:
    """Return a summary in the place of what was said."""
    said = joined(f"{_SUMMED}\n\n<summary>\n", summary.words, "\n</summary>")
    return [text_block("user", said)]


def came_back(summary: Placed) -> list[Said]:
    """Return a summary of a branch that was left."""
    said = joined(f"{_CAME_BACK}\n\n<summary>\n", summary.words, "</summary>")
    return [text_block("user", said)]


def ran(message: Placed) -> list[Said]:
    """Return a command that the user ran, and its output."""
    said: dict[str, Any] = message.value
    parts: list[str | Words] = ["Ran `", message.inner("command").words, "`\n"]
    if said.get("output"):
        parts += ["```\n", message.inner("output").words, "\n```"]
    else:
        parts.append("(no output)")
    code = said.get("exitCode")
    if said.get("cancelled"):
        parts.append("\n\n(command cancelled)")
    elif type(code) is int and code:
        parts.append(f"\n\nCommand exited with code {code}")
    file = message.inner("fullOutputPath").words
    if said.get("truncated") and file.text:
        parts += ["\n\n[Output truncated. Full output: ", file, "]"]
    return [text_block("user", joined(*parts))]


def given_back(message: Placed, api: str, is_later: bool) -> tuple[list[Said], list[Said]]:
    """Return what a tool gave back, and what is told of it after all results of the answer.

    `is_later`: it is of a release that has words for a result without any.
    """
    parts = message.inner("content").each()
    texts = [part.inner("text").words for part in parts if _kind(part) == "text"]
    images = [_url(part) for part in parts if _kind(part) == "image"]
    call = message.inner("toolCallId").words
    is_error = api == MESSAGES and message.value.get("isError") is True
    if len(texts) < 2 and not any(text.text for text in texts):
        texts = _placeholder(api, bool(images), is_later)
    if api != COMPLETIONS or not images:
        return [result_block(call, texts, images, is_error)], []
    after = [image_block("user", image) for image in images]
    return [result_block(call, texts, (), is_error)], after


def _placeholder(api: str, has_image: bool, is_later: bool) -> list[Words]:
    """Return what stands in a result for the text that it has not."""
    if has_image and api == RESPONSES:
        return []
    if has_image or (api in (COMPLETIONS, RESPONSES) and not is_later):
        return [Words(SEEN_ELSEWHERE, SEEN_ELSEWHERE)]
    nothing = NO_OUTPUT if api in (COMPLETIONS, RESPONSES) else ""
    return [Words(nothing, nothing)]


def attached() -> Said:
    """Return the words that Chat Completions has before images of results."""
    return text_block("user", Words(_IMAGES, _IMAGES))


def unanswered(call: str, api: str) -> Said:
    """Return what stands for the result of a call that has none."""
    texts = [Words(NOTHING_GIVEN, NOTHING_GIVEN)]
    return result_block(Words(call, call), texts, (), api == MESSAGES)


def _part(part: Placed) -> Iterator[Said]:
    if _kind(part) == "image":
        yield image_block("user", _url(part))
    elif _kind(part) == "text":
        yield text_block("user", part.inner("text").words)


def _url(part: Placed) -> Words:
    return data_url(part.inner("mimeType").words, part.inner("data").words)


def _kind(part: Placed) -> Any:
    return part.value.get("type") if type(part.value) is dict else None
