"""What an engine is given of a history: what tools told, and what git kept."""

import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from opentraces.domain.trail.action import Action
from opentraces.domain.trail.credit import Credit
from opentraces.domain.trail.crediting import Crediting
from opentraces.domain.trail.history import Commit, CommitId, ObjectId
from opentraces.domain.trail.text import Edits
from opentraces.ports.repository import Repository
from tests.integration.trail.fuzzing.lines import plain
from tests.integration.trail.fuzzing.world import World


@dataclass(frozen=True)
class Evidence:
    """All there is to judge by."""

    actions: Sequence[Action]

    commits: Sequence[Commit]

    texts: Mapping[ObjectId, bytes]

    edits: Edits

    live: Mapping[tuple[str, str], bytes]
    """What files hold after all, by worktree and path. No right engine asks."""


Engine = Callable[[Evidence], Iterable[Credit]]


def evidence_of(world: World, repository: Repository, edits: Edits) -> Evidence:
    tips = [CommitId(commit) for commit in world.commits]
    commits = list(repository.commits(tips, (), None))
    changes = [change for commit in commits for change in commit.changes]
    ids = {change.blob for change in changes if change.blob is not None}
    ids |= {before.blob for change in changes for before in change.before}
    wanted = sorted(ids)
    found = zip(wanted, repository.blobs(wanted), strict=True)
    actions = list(world.actions)
    world.random.shuffle(actions)
    return Evidence(
        actions,
        commits,
        {name: content for name, content in found if content is not None},
        edits,
        {
            (str(place.real), path): plain(lines)
            for place in world.places
            for path, lines in place.files.items()
        },
    )


def crediting(evidence: Evidence) -> Iterable[Credit]:
    """The engine itself."""
    engine = Crediting(evidence.actions, evidence.edits)
    for commit in evidence.commits:
        yield from engine.take(commit, evidence.texts)


@dataclass(frozen=True)
class Added:
    """What git says that a commit added to a file."""

    path: str

    parent_path: str

    places: frozenset[int]
    """Of lines, from 1."""


def added_by_git(world: World) -> dict[str, dict[str, Added]]:
    """What each commit but merges added against its parent, as git's own diff says."""
    command = [
        "git",
        "log",
        "--no-walk=unsorted",
        "--stdin",
        "-p",
        "-U0",
        "-M",
        "--format=commit %H",
    ]
    main = world.places[0].real
    known = {str(each) for each in _present(world)}
    run = subprocess.run(
        [*command, "--no-color", "--no-ext-diff", "--no-textconv"],
        cwd=main,
        input="\n".join(sorted(known)),
        capture_output=True,
        check=True,
        text=True,
        env={"HOME": str(world.root), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"},
    )
    commits = ("\n" + run.stdout).split("\ncommit ")[1:]
    return {each.split("\n", 1)[0]: _files(each) for each in commits}


def _present(world: World) -> Iterable[str]:
    repository = world.places[0].repositories()[0]
    return [commit for commit in world.commits if commit in repository]


def _files(told: str) -> dict[str, Added]:
    found: dict[str, Added] = {}
    for part in told.split("\ndiff --git ")[1:]:
        head, *hunks = part.split("\n@@ ")
        lines = head.split("\n")
        path = _named(lines, "rename to ", "+++ b/")
        old = _named(lines, "rename from ", "--- a/") or ""
        places: set[int] = set()
        for hunk in hunks:
            start, _, count = hunk.split(" @@", 1)[0].split("+")[1].partition(",")
            places.update(range(int(start), int(start) + int(count or 1)))
        if path:
            found[path] = Added(path, old, frozenset(places))
    return found


def _named(lines: Sequence[str], *starts: str) -> str | None:
    for start in starts:
        for line in lines:
            if line.startswith(start):
                return line.removeprefix(start)
    return None
