"""Six mistakes that somebody could make in crediting; each must make the fuzzer fail."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from opentraces.domain.trail import guards, nearest
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.claims import Subject
from opentraces.domain.trail.credit import Credit
from opentraces.domain.trail.crediting import Crediting
from opentraces.domain.trail.history import Commit, PathChange
from opentraces.domain.trail.owners import OwnedText
from opentraces.domain.trail.text import lines_of
from opentraces.domain.trail.writings import Writings
from tests.integration.trail.fuzzing.evidence import Engine, Evidence, crediting


def equal_line(evidence: Evidence) -> Iterator[Credit]:
    """Name whoever wrote an equal line into the file last."""
    for commit, change, added in _added(evidence):
        for at, line in added.items():
            who = [
                action
                for action in evidence.actions
                if action.patch and action.path == change.path
                if action.moment < (commit.committed + 1) * 1000
                if line in _authored(action)
            ]
            if who:
                last = max(who, key=lambda action: action.moment)
                yield _credit(commit, change, last, at)


def time_only(evidence: Evidence) -> Iterator[Credit]:
    """Name whoever changed the file last before the commit."""
    for commit, change, added in _added(evidence):
        who = [
            action
            for action in evidence.actions
            if action.patch and action.path == change.path
            if action.moment < (commit.committed + 1) * 1000
        ]
        if who:
            last = max(who, key=lambda action: action.moment)
            yield from (_credit(commit, change, last, at) for at in added)


class _Anything(set[str]):
    """All paths there are."""

    def __and__(self, other: Any) -> Any:
        return other


class _AnyPath(Crediting):
    """Asks what was seen of other files, too."""

    def take(self, commit: Commit, texts: Any) -> tuple[Credit, ...]:
        self._paths = _Anything()
        return super().take(commit, texts)

    def _chains_of(self, paths: object) -> Any:
        return list(self._chains.values())


def any_path(evidence: Evidence) -> Iterator[Credit]:
    """Take lines of other files for those of this one."""
    engine = _AnyPath(evidence.actions, evidence.edits)
    for commit in evidence.commits:
        yield from engine.take(commit, evidence.texts)


def no_alive_check(evidence: Evidence) -> Iterable[Credit]:
    """Credit lines that were seen to be gone."""
    with _planted(Writings, "is_gone", lambda *_: False):
        return tuple(crediting(evidence))


def no_tie_rule(evidence: Evidence) -> Iterable[Credit]:
    """Credit lines that others wrote as well, and of two that are as near the later."""
    ranked = nearest._ranked  # noqa: SLF001

    def one_by_one(subject: Subject, states: Sequence[OwnedText]) -> Iterator[list[OwnedText]]:
        for group in ranked(subject, states):
            yield from ([state] for state in group)

    with _planted(guards, "_tells", lambda *_: True), _planted(nearest, "_ranked", one_by_one):
        return tuple(crediting(evidence))


def live_worktree(evidence: Evidence) -> Iterable[Credit]:
    """Look into the worktree for what was not told."""
    actions = [_looked_up(action, evidence) for action in evidence.actions]
    return crediting(replace(evidence, actions=actions))


MISTAKES: dict[str, Engine] = {
    "equal-line rule": equal_line,
    "no alive check": no_alive_check,
    "time only": time_only,
    "any path": any_path,
    "no tie rule": no_tie_rule,
    "live worktree read": live_worktree,
}


def _looked_up(action: Action, evidence: Evidence) -> Action:
    live = evidence.live.get((action.worktree, action.path))
    if action.operation != "edit" or action.after is not None or live is None:
        return action
    return replace(action, operation="write", after=live)


def _added(evidence: Evidence) -> Iterator[tuple[Commit, PathChange, dict[int, bytes]]]:
    """Added lines, by place from 1."""
    for commit in evidence.commits:
        for change in commit.changes:
            if change.blob is None or len(commit.parents) > 1:
                continue
            old = evidence.texts[change.before[0].blob] if change.before else b""
            new = evidence.texts[change.blob]
            places = [at for edit in evidence.edits(old, new) for at in range(edit[2], edit[3])]
            lines = lines_of(new)
            yield commit, change, {at + 1: lines[at] for at in places}


def _authored(action: Action) -> set[bytes]:
    if not action.hunks and action.after is not None:
        return set(lines_of(action.after))
    return {line.encode() for hunk in action.hunks for line in hunk.authored}


def _credit(commit: Commit, change: PathChange, action: Action, at: int) -> Credit:
    assert action.patch is not None
    assert change.blob is not None
    return Credit(action.patch, commit.commit, change.path, change.blob, "exact_range_hash", (at,))


@contextmanager
def _planted(target: Any, name: str, value: Callable[..., Any]) -> Iterator[None]:
    right = getattr(target, name)
    setattr(target, name, value)
    try:
        yield
    finally:
        setattr(target, name, right)
