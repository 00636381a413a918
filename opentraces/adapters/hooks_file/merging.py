"""Our hooks put into the text of an agent's settings, brought up to date, and taken out.

Any function here raises NotJson, also where what has to hold hooks is of another type.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opentraces.adapters.hooks_file.hooks_text import (
    HOOKS,
    Frame,
    handlers_of,
    is_ours,
    live,
    opened,
    ours_in,
)
from opentraces.adapters.hooks_file.scanning import (
    Container,
    Part,
    container,
    line_ends,
    root_of,
    value_of,
)
from opentraces.adapters.hooks_file.writing import (
    Edit,
    Json,
    appended,
    edited,
    indent_of_line,
    member,
    next_indent,
    removed,
    style_of,
    written,
)


class Group(NamedTuple):
    """One handler at one event."""

    handler: Mapping[str, Json]
    """It, as the agent reads it."""

    matcher: str | None
    """For which tools it runs. None: for whatever happens."""

    def value(self) -> dict[str, Json]:
        """Return it as it is written."""
        matcher = {} if self.matcher is None else {"matcher": self.matcher}
        return {**matcher, HOOKS: [self.handler]}


Groups = Mapping[str, Group]
"""What is wanted, by event."""


def with_ours(text: str, wanted: Groups, frame: Frame) -> str:
    """Return the text with one handler of ours at each event that is wanted, and at no other.

    What is there and right stays as it is; what is there and wrong becomes right in its place.
    """
    _check(text, wanted)
    text = _righted(text, wanted)
    firsts = {ours.event: ours.handler for ours in reversed(ours_in(text))}
    needed = {handler for event, handler in firsts.items() if event in wanted}
    text = _without(text, frame, needed)
    return _completed(text, {event: wanted[event] for event in wanted if event not in firsts})


def without_ours(text: str, frame: Frame) -> str:
    """Return the text with nothing of ours; of what is empty then, the frame stays."""
    return _without(text, frame, set())


def _check(text: str, wanted: Groups) -> None:
    hooks = live(text, root_of(text), HOOKS, "{", HOOKS)
    if hooks is not None:
        for event in wanted:
            live(text, hooks, event, "[", f"{HOOKS}.{event}")


def _righted(text: str, wanted: Groups) -> str:
    """Return the text with the first of ours at each event as it is wanted."""
    style = style_of(text, root_of(text))
    edits = []
    for ours in {ours.event: ours for ours in reversed(ours_in(text))}.values():
        if ours.event in wanted:
            group = wanted[ours.event]
            part = ours.group if ours.is_alone else ours.handler
            right = group.value() if ours.is_alone else group.handler
            if value_of(text, part) != right:
                is_spread = line_ends(text[part.value : part.end])
                indent = indent_of_line(text, part.value) if is_spread else None
                edits.append(Edit(part.value, part.end, written(right, style, indent)))
    return edited(text, edits)


def _completed(text: str, missing: Groups) -> str:
    """Return the text with groups put behind all others of their events."""
    if not missing:
        return text
    root = root_of(text)
    style = style_of(text, root)
    outer = next_indent(text, root, style, is_spread=True)
    part = root.member(HOOKS)
    if part is None:
        value = {event: [group.value()] for event, group in missing.items()}
        piece = member(HOOKS, value, style, outer)
        return edited(text, [appended(text, root, [piece], style, outer)])
    hooks = container(text, part.value)
    indent = next_indent(text, hooks, style, is_spread=outer is not None)
    edits, pieces = [], []
    for event, group in missing.items():
        there = hooks.member(event)
        if there is None:
            pieces.append(member(event, [group.value()], style, indent))
            continue
        groups = container(text, there.value)
        inner = next_indent(text, groups, style, is_spread=indent is not None)
        piece = written(group.value(), style, inner)
        edits.append(appended(text, groups, [piece], style, inner))
    if pieces:
        edits.append(appended(text, hooks, pieces, style, indent))
    return edited(text, edits)


def _without(text: str, frame: Frame, needed: set[Part]) -> str:
    cut = _Cut(text, frame, needed)
    cut.out_of(root_of(text))
    return edited(text, cut.edits)


class _Cut:
    """Our handlers but for those that are needed, and what holds nothing else: to be taken out.

    A member whose key stands twice is never taken out: the other one would begin to hold.
    """

    def __init__(self, text: str, frame: Frame, needed: set[Part]) -> None:
        self.edits: list[Edit] = []
        self._text = text
        self._frame = frame
        self._needed = needed

    def out_of(self, root: Container) -> None:
        """Take them out of the outermost object."""
        gone = {
            number
            for number, part in enumerate(root.parts)
            if part.key == HOOKS and self._takes_hooks(part, _is_repeated(root.parts, part))
        }
        self._takes(root, gone, stays=True)

    def _takes_hooks(self, part: Part, is_repeated: bool) -> bool:
        hooks = opened(self._text, part, "{")
        if hooks is None:
            return False
        gone = {
            number
            for number, event in enumerate(hooks.parts)
            if self._takes_event(event, _is_repeated(hooks.parts, event))
        }
        return self._takes(hooks, gone, stays=is_repeated or self._frame.hooks)

    def _takes_event(self, event: Part, is_repeated: bool) -> bool:
        groups = opened(self._text, event, "[")
        if groups is None:
            return False
        gone = {number for number, group in enumerate(groups.parts) if self._takes_group(group)}
        return self._takes(groups, gone, stays=is_repeated or event.key in self._frame.events)

    def _takes_group(self, group: Part) -> bool:
        handlers = handlers_of(self._text, group)
        if handlers is None:
            return False
        gone = {
            number
            for number, part in enumerate(handlers.parts)
            if part not in self._needed and is_ours(value_of(self._text, part))
        }
        return self._takes(handlers, gone, stays=False)

    def _takes(self, outer: Container, gone: set[int], stays: bool) -> bool:
        """Take parts out; True: the whole of it is to go instead, by whoever holds it."""
        if gone and len(gone) == len(outer.parts) and not stays:
            return True
        self.edits += removed(self._text, outer, gone)
        return False


def _is_repeated(parts: Sequence[Part], part: Part) -> bool:
    return sum(other.key == part.key for other in parts) > 1
