"""Keep what a project was built on when a session began: manifests that its repository has."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import field

from opentraces.application.trail_keeping import TrailKeeping
from opentraces.domain.dependencies.declared import Declared
from opentraces.domain.dependencies.manifests import manifest_of, read_manifest
from opentraces.domain.dependencies.pin_rows import PinRow, pin_rows
from opentraces.domain.envelope import TraceHeader
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.header import base_commit
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.events import ManifestObserved
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.domain.trail.located import located
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.repository import Repository
from opentraces.ports.worktree_signs import WorktreeSource

_MOST_FOLDERS = 100
"""Folders that are looked into at a time; others are when the session comes to them again."""

_Named = tuple[str, ObjectId]
_Said = tuple[tuple[str, ...], tuple[PinRow, ...] | None]


@frozen_dataclass
class ObserveManifests:
    """Adds to trails which manifests and lock files the commit holds that a session began at.

    Those of the folder that it began in, of the folders of files that it touched, and of all
    folders around them. One of these reads each content once, of however many sessions.
    """

    worktrees: WorktreeSource
    said: dict[_Named, _Said | None] = field(default_factory=dict)
    """What contents say, by path and id; None: nothing that can be read."""

    def execute(
        self, header: TraceHeader, trail: TrailKeeping, looked: frozenset[str]
    ) -> frozenset[str]:
        """Write what is not in the trail yet; returns where it was looked for by now.

        `looked`: where it was before, as `Progress.looked`. A repository that is gone, or cannot
        be read, says nothing.
        """
        commit, worktree = base_commit(header), header.worktree
        if commit is None or worktree is None:
            return looked
        folders = _folders(worktree, header.folder, trail.touched)
        wanted = {each: f"{commit}:{each}" for each in folders}
        fresh = [each for each in wanted if wanted[each] not in looked][:_MOST_FOLDERS]
        repository = self.worktrees.history(worktree) if fresh else None
        if repository is None:
            return looked
        try:
            for event in self._events(repository, worktree, CommitId(commit), fresh):
                trail.add(event)
        except RepositoryUnreadable:
            return looked
        return looked | {wanted[each] for each in fresh}

    def _events(
        self,
        repository: Repository,
        worktree: WorktreeSigns,
        commit: CommitId,
        folders: Collection[str],
    ) -> Iterator[ManifestObserved]:
        there = repository.files_in(commit, folders)
        named = sorted((path, blob) for path, blob in there.items() if manifest_of(path))
        self._read(repository, named)
        for path, blob in named:
            said = self.said[path, blob]
            if said is not None:
                yield ManifestObserved(
                    repository=worktree.key,
                    commit=commit,
                    path=path,
                    blob=blob,
                    names=said[0],
                    pins=said[1],
                )

    def _read(self, repository: Repository, named: Iterable[_Named]) -> None:
        """Find out what contents say that were not read before."""
        unread = [each for each in named if each not in self.said]
        contents = repository.blobs([blob for _, blob in unread]) if unread else iter(())
        for each, data in zip(unread, contents, strict=True):
            manifest = manifest_of(each[0])
            said = read_manifest(manifest, data) if manifest and data is not None else None
            self.said[each] = _rows(said) if said else None


def _rows(said: Declared) -> _Said:
    return said.names, None if said.pins is None else pin_rows(said.pins)


def _folders(worktree: WorktreeSigns, began: str | None, touched: Iterable[str]) -> dict[str, None]:
    """Return folders of the worktree that some paths are in, the outer before the inner."""
    found: dict[str, None] = {"": None}
    for path in [f"{began}/" if began else "", *sorted(touched)]:
        place = located(path, [worktree.path])
        parts = place.path.split("/")[:-1] if place else []
        found |= dict.fromkeys("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    return found
