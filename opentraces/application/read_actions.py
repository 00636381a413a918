"""What a trace did to the files of a repository, with the contents that are kept of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from opentraces.application.kept_texts import KeptTexts
from opentraces.domain.envelope import Envelope
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.events import PatchCreated, StateObserved
from opentraces.domain.trail.file_change import (
    NOT_ITS_OWN,
    FileChange,
    TextPlace,
)
from opentraces.domain.trail.located import Located, located

Happened = PatchCreated | StateObserved


@frozen_dataclass
class ReadActions:
    """Reads what a trace did to files, with what they held."""

    texts: KeptTexts

    def execute(
        self,
        envelope: Envelope,
        happened: Iterable[Happened],
        worktrees: Sequence[str],
        paths: Collection[str] | None,
    ) -> list[Action]:
        """Return what happened to `paths` of some worktrees, in the order of the trail.

        None: to all. What lies in none of the worktrees, or at no known moment, is left out.
        Raises Corrupt, StorageUnavailable.
        """
        meant = list(_meant(happened, worktrees, paths))
        places = {place for each, _ in meant for place in _places(each.change)}
        texts = self.texts.read(envelope, places)
        return [
            _action(each, place, _located(each.change.moved_from, worktrees), texts)
            for each, place in meant
        ]


def _meant(
    happened: Iterable[Happened], worktrees: Sequence[str], paths: Collection[str] | None
) -> Iterator[tuple[Happened, Located]]:
    found: list[tuple[Happened, Located, Located | None]] = []
    for each in happened:
        place = _located(each.change.path, worktrees)
        if place is not None and each.change.moment is not None:
            found.append((each, place, _located(each.change.moved_from, worktrees)))
    names = None if paths is None else _with_origins(found, paths)
    for each, place, origin in found:
        if names is None or place.path in names or (origin is not None and origin.path in names):
            yield each, place


def _with_origins(
    found: Iterable[tuple[Happened, Located, Located | None]], paths: Collection[str]
) -> set[str]:
    """Return some paths, and those that their files had before they moved."""
    moves = [(each, place, origin) for each, place, origin in found if origin is not None]
    names = set(paths)
    moves.sort(key=lambda move: move[0].change.moment or 0)
    for _, place, origin in reversed(moves):
        if place.path in names:
            names.add(origin.path)
    return names


def _located(path: str | None, worktrees: Sequence[str]) -> Located | None:
    return located(path, worktrees) if path is not None else None


def _places(change: FileChange) -> Iterator[TextPlace]:
    yield from (place for place in (change.before, change.after) if place is not None)


def _action(
    happened: Happened,
    place: Located,
    origin: Located | None,
    texts: Mapping[TextPlace, bytes],
) -> Action:
    change = happened.change
    is_own = isinstance(happened, PatchCreated) and not NOT_ITS_OWN & set(change.limitations)
    is_moved = origin is not None and origin.worktree == place.worktree
    return Action(
        patch=happened.patch_id if isinstance(happened, PatchCreated) and is_own else None,
        moment=change.moment or 0,
        worktree=place.worktree,
        path=place.path,
        operation=change.operation,
        moved_from=origin.path if origin is not None and is_moved else None,
        had_file=change.had_file,
        before=texts.get(change.before) if change.before else None,
        after=texts.get(change.after) if change.after else None,
        hunks=change.hunks,
    )
