"""Listings that the model is told: agents, skills, tools, tasks."""

from opentraces.adapters._reading.values import text
from opentraces.adapters.claude_code.context.pieces import Line, Piece, Words

_TOGETHER = (
    "When you launch multiple agents for independent work, send them in a single message with "
    "multiple tool uses so they run concurrently."
)
_AMBIENT = (
    "This is ambient context \u2014 do not narrate it to the user unless they ask or it is "
    "directly relevant to their request."
)
_SKILLS = "The following skills are available for use with the Skill tool:\n\n"
_INVOKED = (
    "The following skills were invoked EARLIER in this session (before the conversation was "
    "compacted), not on the current turn. They are shown here for context only so you remain "
    "aware of their guidelines.\n\nIMPORTANT: Do NOT re-execute these skills or perform their "
    'one-time setup actions (e.g., scheduling, creating files) again. The "## Input" sections '
    "below reflect the original arguments from when each skill was first invoked \u2014 they are "
    "NOT the user's current message. Only continue to apply ongoing behavioral guidelines from "
    "these skills where still relevant.\n\n"
)
_DEFERRED = (
    "The following deferred tools are now available via ToolSearch. Their schemas are NOT loaded "
    "\u2014 calling them directly will fail with InputValidationError. Use ToolSearch with query "
    '"select:<name>[,<name>...]" to load tool schemas before calling them:'
)
_TASKS = (
    "The task tools haven't been used recently. If you're working on tasks that would benefit "
    "from tracking progress, consider using TaskCreate to add new tasks and TaskUpdate to update "
    "task status (set to in_progress when starting, completed when done). Also consider cleaning "
    "up the task list if it has become stale. Only use these if relevant to the current work. "
    "This is just a gentle reminder - ignore if not applicable.\n"
)
_TODO = (
    "The TodoWrite tool hasn't been used recently. If you're working on tasks that would benefit "
    "from tracking progress, consider using the TodoWrite tool to track progress. Also consider "
    "cleaning up the todo list if has become stale and no longer matches what you are working "
    "on. Only use it if it's relevant to the current work. This is just a gentle reminder - "
    "ignore if not applicable.\n"
)


def agents(line: Line) -> list[Piece]:
    """Return the listing of kinds of sub-agents, or what changed in it."""
    is_first = line.attachment.get("isInitial") is True
    opening = "Available agent types" if is_first else "New agent types are now available"
    parts = _lines(line, "addedLines", f"{opening} for the Agent tool:", "\n")
    gone = "The following agent types are no longer available:"
    if removed := _lines(line, "removedTypes", gone, "\n- "):
        parts += [*removed, Words().say(_AMBIENT)]
    if is_first and line.attachment.get("showConcurrencyNote"):
        parts.append(Words().say(_TOGETHER))
    return _paragraphs(parts)


def tools(line: Line) -> list[Piece] | None:
    """Return the listing of tools that are loaded when asked for. None: it says more than that."""
    others = ("removedNames", "readdedNames", "pendingMcpServers", "needsAuthMcpServers")
    if any(line.attachment.get(key) for key in others):
        return None
    return _paragraphs(_lines(line, "addedLines", _DEFERRED, "\n"))


def skills(line: Line) -> list[Piece]:
    """Return the listing of skills."""
    if not text(line.attachment.get("content")):
        return []
    return [Words().say(_SKILLS).take(line, "content").reminder()]


def invoked(line: Line) -> list[Piece]:
    """Return the skills that were in force before a compaction."""
    words = Words().say(_INVOKED)
    listed = line.objects("skills")
    for number, (place, _) in enumerate(listed):
        words.say("\n\n---\n\n" if number else "")
        words.say("### Skill: ").take(line, "skills", place, "name")
        words.say("\nPath: ").take(line, "skills", place, "path")
        words.say("\n\n").take(line, "skills", place, "content")
    return [words.reminder()] if listed else []


def tasks(line: Line) -> list[Piece]:
    """Return the reminder of the task tools, with the tasks there are."""
    return _listed(line, _TASKS, "\n\nHere are the existing tasks:\n\n", "")


def todo(line: Line) -> list[Piece]:
    """Return the reminder of the todo tool, with the list there is."""
    opening = "\n\nHere are the existing contents of your todo list:\n\n["
    return _listed(line, _TODO, opening, "]")


def _listed(line: Line, first: str, opening: str, closing: str) -> list[Piece]:
    words = Words().say(first)
    listed = line.objects("content")
    for number, (place, task) in enumerate(listed):
        name, status = text(task.get("id")), text(task.get("status")) or ""
        words.say("\n" if number else opening)
        words.say(f"#{name}. [{status}] " if name else f"{number + 1}. [{status}] ")
        words.take(line, "content", place, "subject" if "subject" in task else "content")
    return [words.say(closing if listed else "").reminder()]


def _lines(line: Line, key: str, opening: str, before: str) -> list[Words]:
    texts = line.texts(key)
    words = Words().say(opening)
    for number, _ in texts:
        words.say(before).take(line, key, number)
    return [words] if texts else []


def _paragraphs(parts: list[Words]) -> list[Piece]:
    whole = Words()
    for number, part in enumerate(parts):
        whole.say("\n\n" if number else "").add(part.piece())
    return [whole.reminder()] if parts else []
