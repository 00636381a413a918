"""Our lines in the hooks of one repository, which all its worktrees share."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from opentraces.adapters.git import hook_files
from opentraces.adapters.git.hooks_record import Record, read_record, record_of, records
from opentraces.adapters.git.users_git import UsersGit
from opentraces.domain.enrolment import Checkout
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.git_hooks import HOOKS, HookLines, obstacle_in
from opentraces.domain.setup import FileChange, HooksFound, SetupPlan
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.agent_setup import AgentSetup

_EXECUTABLE = 0o755
_PRIVATE = 0o600
_SHARED = "is part of the checkout, and so is seen by all who work on it"


class GitHooksSetup(AgentSetup):
    """Lines in front of `post-commit` and `post-rewrite`, and a record of where they were put.

    They go into the folder in which Git looks for hooks, but into none that is part of a checkout
    or that a manager of hooks writes to, and into nothing but scripts for `sh` of the user's own.
    """

    def __init__(self, checkout: Checkout, home: Path, git: UsersGit) -> None:
        """Set up the repository of `checkout`, to write to `home`."""
        self._checkout = checkout.path
        self._repository = checkout.repository or checkout.path
        self._git = git
        self._home = home
        notes = home / "spool" / "git" / HookLines(self._repository, "").key
        self._lines = HookLines(self._repository, str(notes))
        self._record = record_of(home / "state" / "git", self._repository)

    def install(self) -> SetupPlan:
        """See AgentSetup. What is not to be touched is left out, and told by `inspect`."""
        folder, held = self._folder(), read_record(self._record)
        found = list(self._found(folder))
        changes = [_changed(one, self._lines.put_into(one.data, one.hook)) for one in found]
        is_moved = held is not None and held.hooks != str(folder)
        left = list(self._taken_out(Path(held.hooks))) if held and is_moved else []
        if not found:
            return SetupPlan(tuple(left))
        is_made = not folder.exists() if held is None or is_moved else held.is_made
        record = Record(self._repository, self._checkout, str(folder), is_made)
        if held is not None and not is_moved:
            record = replace(record, checkout=held.checkout)
        stored = self._stored(record.stored())
        return SetupPlan(tuple(filter(None, (stored, *left, *changes))))

    def remove(self) -> SetupPlan:
        """See AgentSetup."""
        held = read_record(self._record)
        folder = Path(held.hooks) if held is not None else self._folder()
        changes = (*self._taken_out(folder), self._stored(None))
        return SetupPlan(tuple(filter(None, changes)))

    def apply(self, plan: SetupPlan) -> None:
        """See AgentSetup."""
        for change in plan.changes:
            seen = hook_files.look_at(Path(change.path))
            if seen.obstacle is not None or seen.data != change.before:
                raise Busy(f"{change.path} has changed meanwhile → run the command again")
        for change in plan.changes:
            path = Path(change.path)
            if change.after is not None:
                mode = _EXECUTABLE if change.is_shared else _PRIVATE
                hook_files.put(path, change.after, mode)
                continue
            held = read_record(self._record)
            hook_files.take_away(path)
            if held is not None and held.is_made and path == self._record:
                hook_files.remove_folder(Path(held.hooks))

    def inspect(self) -> HooksFound:
        """See AgentSetup."""
        try:
            folder = self._folder()
            held = read_record(self._record)
        except StorageUnavailable as error:
            settings = f"{self._repository}/hooks"
            return HooksFound(settings, missing=HOOKS, problem=str(error))
        place = Path(held.hooks) if held is not None else folder
        ours = [one for one in _looked_at(place) if self._lines.are_in(one.data or b"")]
        events = tuple(one.hook for one in ours)
        return HooksFound(
            settings=str(place),
            events=events,
            missing=tuple(hook for hook in HOOKS if hook not in events),
            home=str(self._home) if ours else None,
            is_for_us=bool(ours)
            and all(self._lines.are_just_in(one.data or b"", one.hook) for one in ours),
            agent_is_there=True,
            obstacles=tuple(f"{name} {why}" for name, why in self._obstacles(folder)),
            shadowed_by=str(folder) if ours and place != folder else None,
        )

    def _folder(self) -> Path:
        """Return the folder in which Git looks for the hooks. Raises StorageUnavailable."""
        named = self._git.hooks_path(self._checkout)
        return Path(os.path.normpath(named)) if named else Path(self._repository, "hooks")

    def _found(self, folder: Path) -> "Iterator[_Hook]":
        """Yield the hooks that lines may be put into."""
        stopped = {name for name, _ in self._obstacles(folder)}
        if str(folder) not in stopped:
            yield from (one for one in _looked_at(folder) if str(one.path) not in stopped)

    def _obstacles(self, folder: Path) -> Iterator[tuple[str, str]]:
        """Yield what is not to be touched, and why."""
        why = hook_files.refuse_folder(folder)
        if why is None and self._is_in_checkout(folder):
            why = f"{_SHARED}: core.hooksPath says so"
            if ".husky" in folder.parts:
                why = "is husky's: add the lines to .husky yourself, or do without"
        if why is not None:
            yield str(folder), why
            return
        for one in _looked_at(folder):
            why = one.obstacle
            if why is None and one.data is not None:
                rest = self._lines.taken_out_of(one.data)
                why = None if rest is None else obstacle_in(rest)
                if why is None and not hook_files.is_run(one.path):
                    why = "is not executable, so Git does not run it"
            if why is not None:
                yield str(one.path), why

    def _is_in_checkout(self, folder: Path) -> bool:
        """Whether Git would list files of a folder in the worktree."""
        real = Path(os.path.realpath(folder))
        repository = Path(self._repository)
        if real.is_relative_to(repository):
            return False
        around = [self._checkout]
        if repository.name == ".git":
            around.append(str(repository.parent))
        return any(real.is_relative_to(each) for each in around)

    def _taken_out(self, folder: Path) -> Iterator[FileChange]:
        if hook_files.refuse_folder(folder) is None:
            for one in _looked_at(folder):
                if one.data is not None and self._lines.are_in(one.data):
                    change = _changed(one, self._lines.taken_out_of(one.data))
                    if change is not None:
                        yield change

    def _stored(self, after: bytes | None) -> FileChange | None:
        before = hook_files.look_at(self._record).data
        return None if before == after else FileChange(str(self._record), before, after)


class EveryGitHooksSetup(AgentSetup):
    """The hooks of all repositories that were set up: they can only be taken out together."""

    def __init__(self, home: Path, git: UsersGit) -> None:
        """Look into `home` for where they are."""
        self._home = home
        self._setups = tuple(setup for _, setup in git_hooks_setups(home, git))

    def install(self) -> SetupPlan:
        """See AgentSetup. Each repository is set up by itself, so there is nothing to do."""
        return SetupPlan(())

    def remove(self) -> SetupPlan:
        """See AgentSetup."""
        plans = (setup.remove() for setup in self._setups)
        return SetupPlan(tuple(change for plan in plans for change in plan.changes))

    def apply(self, plan: SetupPlan) -> None:
        """See AgentSetup."""
        paths = {change.path for change in plan.changes}
        for setup in self._setups:
            own = tuple(one for one in setup.remove().changes if one.path in paths)
            setup.apply(SetupPlan(own))

    def inspect(self) -> HooksFound:
        """See AgentSetup."""
        found = [setup.inspect() for setup in self._setups]
        events = {event for each in found for event in each.events}
        return HooksFound(
            settings=str(self._home / "state" / "git"),
            events=tuple(hook for hook in HOOKS if hook in events),
            missing=tuple(hook for hook in HOOKS if hook not in events),
        )


def git_hooks_setups(home: Path, git: UsersGit) -> Iterator[tuple[str, GitHooksSetup]]:
    """Yield the setup of each repository whose hooks were set up, with its checkout."""
    for record in records(home / "state" / "git"):
        is_there = Path(record.checkout).is_dir()
        path = record.checkout if is_there else record.repository
        yield path, GitHooksSetup(Checkout(path, record.repository), home, git)


@frozen_dataclass
class _Hook:
    """One hook, as it was found."""

    hook: str
    path: Path
    data: bytes | None
    obstacle: str | None


def _looked_at(folder: Path) -> Iterator[_Hook]:
    for hook in HOOKS:
        found = hook_files.look_at(folder / hook)
        yield _Hook(hook, folder / hook, found.data, found.obstacle)


def _changed(hook: _Hook, after: bytes | None) -> FileChange | None:
    if after == hook.data:
        return None
    return FileChange(str(hook.path), hook.data, after, is_shared=True)
