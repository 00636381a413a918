"""Which project a checkout belongs to, and what becomes of the projects when it does."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from opentraces.domain.enrolment import Checkout, Exclusion, Identity, Project, Seen, holding

Projects = tuple[Project, ...]

_MOST_FORMER = 500
"""So many folders are remembered: agents make a worktree for each task."""


def project_of(
    projects: Projects, seen: Seen, identity: Identity, gone: Collection[str]
) -> Project | None:
    """Return the project that a checkout belongs to when its user enrols it. None: a new one.

    `gone`: listed paths where nothing is any more.
    """
    own = seen.own
    same = (each for each in projects if _has_repository(each, own) or _moved(each, own, gone))
    found = next((each for each in same if not _is_another(each, identity)), None)
    listed = holding(projects, own.path)
    if found is None and listed is not None and not _contradicts(listed, identity):
        found = listed
    return found or _clone_of(projects, identity)


def followed(
    projects: Projects, seen: Seen, identity: Identity | None, gone: Collection[str]
) -> Project | None:
    """Return the project that a checkout belongs to though nobody enrolled it there. None: none.

    A worktree of an enrolled repository, or a repository that was moved whole. That one is
    believed only with its `identity`, since numbers of files are given out again; None: not asked.
    """
    own = seen.own
    if own.repository is None or not seen.is_ours:
        return None
    for project in projects:
        if _has_repository(project, own):
            return project
        is_moved = _moved(project, own, gone)
        if is_moved and identity is not None and _agrees(project, identity):
            return project
    return None


def may_have_moved(projects: Projects, seen: Seen, gone: Collection[str]) -> bool:
    """Whether `followed` depends on the identity of the checkout."""
    return any(_moved(project, seen.own, gone) for project in projects)


def joined(project: Project, seen: Seen, identity: Identity, gone: Collection[str]) -> Project:
    """Return the project with what was seen: the worktrees that a repository names are all it has.

    First commit and remote are those of the main checkout; a linked worktree may have another
    history, and only says what was not known.
    """
    own = seen.own
    old = {each.repository for each in project.checkouts if _is_moved(each, own, gone)}
    replaced = {*old, own.repository} - {None}
    there = {checkout.path for checkout in seen.checkouts}
    kept = [
        each
        for each in project.checkouts
        if each.path not in there and each.repository not in replaced
    ]
    root, remote = identity.root_commit, identity.remote
    return replace(
        project,
        root_commit=(root or project.root_commit)
        if seen.is_main
        else (project.root_commit or root),
        remote=(remote or project.remote) if seen.is_main else (project.remote or remote),
        checkouts=_ordered([*kept, *seen.checkouts]),
        former=_former(project, {*there, *(each.path for each in kept)}, gone),
        exclusions=tuple(
            replace(each, repository=own.repository)
            if own.repository is not None and each.repository in old
            else each
            for each in project.exclusions
        ),
    )


def founded(project_id: str, seen: Seen, identity: Identity) -> Project:
    """Return a new project, of no agent yet."""
    return Project(
        project_id=project_id,
        name=seen.name,
        root_commit=identity.root_commit,
        remote=identity.remote,
        agents=(),
        checkouts=_ordered(seen.checkouts),
    )


def enlisted(project: Project, agents: Sequence[str], exclusion: Exclusion | None) -> Project:
    """Return the project with more agents, and with a line that was added; None: none was."""
    others = [each for each in project.exclusions if exclusion is None or each != exclusion]
    return replace(
        project,
        agents=tuple(sorted({*project.agents, *agents})),
        exclusions=(*others, exclusion) if exclusion is not None else project.exclusions,
    )


def with_project(projects: Projects, project: Project) -> Projects:
    """Return the projects with this one: in its place, or at the end.

    A folder is one project's alone; a project that has none left goes.
    """
    others = [
        each if each.project_id == project.project_id else _without_paths(each, project.paths)
        for each in projects
    ]
    placed = [project if each.project_id == project.project_id else each for each in others]
    if project not in placed:
        placed.append(project)
    return tuple(each for each in placed if each.checkouts)


def without_agents(projects: Projects, project_id: str, agents: Collection[str]) -> Projects:
    """Return the projects; one is not captured for `agents` any more, and without any it goes."""
    left = (
        replace(each, agents=tuple(agent for agent in each.agents if agent not in agents))
        if each.project_id == project_id
        else each
        for each in projects
    )
    return tuple(each for each in left if each.agents)


def _ordered(checkouts: Sequence[Checkout]) -> tuple[Checkout, ...]:
    return tuple(sorted(checkouts, key=lambda checkout: checkout.path))


def _without_paths(project: Project, paths: Collection[str]) -> Project:
    left = tuple(each for each in project.checkouts if each.path not in paths)
    former = tuple(each for each in project.former if each not in paths)
    return replace(project, checkouts=left, former=former)


def _former(project: Project, now: Collection[str], gone: Collection[str]) -> tuple[str, ...]:
    """Return where a project was and is no more."""
    left = [path for path in project.paths if path in gone]
    found = [path for path in dict.fromkeys((*project.former, *left)) if path not in now]
    return tuple(found[-_MOST_FORMER:])


def _has_repository(project: Project, own: Checkout) -> bool:
    """Whether the folder of the repository is where it was, and is the same folder.

    The device does not count: some file systems have another number after each restart.
    """
    return own.repository is not None and any(
        (each.repository, each.inode) == (own.repository, own.inode) for each in project.checkouts
    )


def _moved(project: Project, own: Checkout, gone: Collection[str]) -> bool:
    return any(_is_moved(each, own, gone) for each in project.checkouts)


def _is_moved(before: Checkout, own: Checkout, gone: Collection[str]) -> bool:
    """Whether the repository of a checkout that is gone is this one, under another name."""
    return (
        before.path in gone
        and before.inode is not None
        and (before.device, before.inode) == (own.device, own.inode)
        and before.repository != own.repository
    )


def _clone_of(projects: Projects, identity: Identity) -> Project | None:
    """Return the project of the same first commit and remote; of two that may be meant, none."""
    root, remote = identity.root_commit, identity.remote
    alike = [each for each in projects if root is not None and each.root_commit == root]
    exact = [each for each in alike if each.remote == remote]
    loose = [each for each in alike if each.remote is None or remote is None]
    return next(iter(exact), loose[0] if len(loose) == 1 else None)


def _agrees(project: Project, identity: Identity) -> bool:
    """Whether at least one of first commit and remote is known to be the same, and none differs."""
    return not _contradicts(project, identity) and (
        None not in (project.root_commit, identity.root_commit)
        or None not in (project.remote, identity.remote)
    )


def _contradicts(project: Project, identity: Identity) -> bool:
    return _differ(project.root_commit, identity.root_commit) or _differ(
        project.remote, identity.remote
    )


def _is_another(project: Project, identity: Identity) -> bool:
    """Whether everything differs: the same numbers were given to another repository's folder."""
    return _differ(project.root_commit, identity.root_commit) and _differ(
        project.remote, identity.remote
    )


def _differ(one: str | None, other: str | None) -> bool:
    return None not in (one, other) and one != other
