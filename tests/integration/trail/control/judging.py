"""Whether the sessions that are named for lines of commits wrote them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from opentraces.domain.trail.noted import NotedCredit
from tests.integration.trail.control.credits import Checkout
from tests.integration.trail.control.story import Story

Added = Mapping[str, Mapping[int, str]]
"""The lines that a commit adds to each file, by their numbers from 1."""


@dataclass
class Judged:
    """What is said of the commits of one kind."""

    commits: int = 0

    added: int = 0
    """Lines they add, with a letter or a digit."""

    written: int = 0
    """Of those, lines that a session wrote."""

    credited: int = 0
    """Lines for which a session is named."""

    right: int = 0
    """Of `written`, those for which the session is named that wrote it."""

    wrong: list[str] = field(default_factory=list)
    """Lines for which a session is named that did not write them."""


def judge(
    story: Story, found: Iterable[NotedCredit], sessions: Mapping[str, str]
) -> dict[str, Judged]:
    """Compare what is said with what happened, by kinds of commits.

    `sessions`: the agents' own ids, by trace. Equal lines of a file are exchangeable, so it is
    judged by count.
    """
    named: dict[str, dict[str, Counter[tuple[str, str]]]] = {}
    for one in found:
        text = story.main.git("show", f"{one.commit}:{one.path}").splitlines()
        lines = ((sessions[one.trace], text[at - 1]) for at in range(one.first, one.last + 1))
        named.setdefault(one.commit, {}).setdefault(one.path, Counter()).update(lines)
    judged: dict[str, Judged] = {}
    for commit, kind in story.kinds.items():
        into = judged.setdefault(kind, Judged())
        into.commits += 1
        _judge_commit(story, into, added_by(story.main, commit), named.get(commit, {}), kind)
    return judged


def added_by(checkout: Checkout, commit: str) -> Added:
    """Ask git what a commit adds against its first parent; a merge adds nothing."""
    told = checkout.git("show", "--format=", "-U0", "--no-renames", "--first-parent", commit)
    is_merge = " " in checkout.git("show", "--no-patch", "--format=%P", commit)
    files: dict[str, dict[int, str]] = {}
    path, at = "", 0
    for line in () if is_merge else told.splitlines():
        if line.startswith("+++ "):
            path = line.removeprefix("+++ b/")
        elif line.startswith("@@ "):
            at = int(line.split("+")[1].split(" ")[0].split(",")[0])
        elif line.startswith("+"):
            files.setdefault(path, {})[at] = line[1:]
            at += 1
    return files


def _judge_commit(
    story: Story,
    into: Judged,
    added: Added,
    named: Mapping[str, Counter[tuple[str, str]]],
    kind: str,
) -> None:
    wrote = {one.id: one.wrote for one in story.sessions} if kind == "agent" else {}
    for path, lines in named.items():
        there = Counter(added.get(path, {}).values())
        into.credited += lines.total()
        possible = Counter[str]()
        for (session, text), count in lines.items():
            possible[text] += min(count, wrote.get(session, {}).get(path, Counter())[text])
        said = Counter(text for _, text in lines.elements())
        for text, count in said.items():
            into.wrong += [f"{path}: {text}"] * (count - min(possible[text], there[text]))
    for path, texts in added.items():
        for text, count in Counter(texts.values()).items():
            if any(letter.isalnum() for letter in text):
                into.added += count
                theirs = sum(w.get(path, Counter())[text] for w in wrote.values())
                into.written += min(count, theirs)
                credited = sum(n for (_, t), n in named.get(path, {}).items() if t == text)
                into.right += min(count, theirs, credited)
