"""The steps of a slice as text."""

from collections.abc import Iterator, Mapping, Sequence

from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.deed import Doing
from opentraces.domain.slices.limits import Limits, cut, shared
from opentraces.domain.trail.shown import ShownPatch

Patches = Mapping[tuple[int, str], Sequence[ShownPatch]]
"""What was changed, by the step that did, and the id of its call: ids may come again."""


def told(step: Passed, patches: Patches, limits: Limits) -> list[str]:
    """Return a step as lines: who, what was thought, said, called, and came back."""
    lines = [_heading(step), *_of("thinking: ", step.thinking, limits.thinking)]
    lines += _of("", step.words, limits.injected if step.role == "system" else limits.words)
    for doing in step.doings:
        if doing.call:
            lines += _call(doing, patches.get((step.number, doing.call), ()), limits)
    return [*lines, ""]


def _heading(step: Passed) -> str:
    who = step.role if step.helper is None else f"{step.role}, a helper"
    left = ", on a branch that was left" if step.is_left else ""
    return f"[:{step.number}] {who}{left}"


def _of(before: str, text: str, most: int | None) -> Iterator[str]:
    clean = text.strip()
    if clean:
        yield from f"{before}{cut(clean, most)}".split("\n")


def _call(doing: Doing, patches: Sequence[ShownPatch], limits: Limits) -> Iterator[str]:
    for each in patches:
        yield from _change(each, limits.changes)
    if not patches or any(each.hunks is None for each in patches):
        yield from _made(doing, limits.calls)
    if not doing.answers:
        yield "← no result came"
    for answer in doing.answers:
        failed = answer.is_failed
        most = limits.outputs * 2 if limits.outputs and failed else limits.outputs
        yield from _of("← failed: " if failed else "← ", answer.text or "[no text]", most)


def _made(doing: Doing, most: int | None) -> Iterator[str]:
    """Yield a call as it was made."""
    if doing.is_shell:
        yield from _of("$ ", doing.what, most)
    else:
        yield f"→ {doing.tool or doing.what}"
        yield from _given(doing.given, most)


def _given(given: Sequence[tuple[str, str]], most: int | None) -> Iterator[str]:
    """Yield arguments by their names; lines of one that has several are set in.

    So no value can be taken for the next argument, and each is cut by itself.
    """
    shares = shared([len(value) for _, value in given], most)
    for (name, value), share in zip(given, shares, strict=True):
        lines = cut(value.strip("\r\n"), share).split("\n")
        if len(lines) == 1:
            yield f"{name}: {lines[0]}"
        else:
            yield from (f"{name}:", *(f"  {line}" for line in lines))


def _change(shown: ShownPatch, most: int | None) -> Iterator[str]:
    yield f"→ {shown.made.change.operation} {shown.path}"
    if shown.hunks is None:
        yield "[what it changed is not kept]"
        return
    lines = []
    for hunk in shown.hunks:
        old = "?" if hunk.old_start is None else hunk.old_start
        new = "?" if hunk.new_start is None else hunk.new_start
        lines += [f"@@ -{old} +{new} @@", *(line.replace("\n", " ") for line in hunk.lines)]
    yield from _of("", "\n".join(lines), most)
