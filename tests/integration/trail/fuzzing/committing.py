"""Those who make commits and move them, by git's own commands."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

from tests.integration.trail.fuzzing.lines import Line, Lines
from tests.integration.trail.fuzzing.resolving import resolve
from tests.integration.trail.fuzzing.twins import Apart, Place
from tests.integration.trail.fuzzing.world import World

MOST_COMMITS = 5


def commit_all(world: World, place: Place) -> None:
    if not world.is_clean(place):
        world.twins.must(place, "add", "-A")
        _commit(world, place, "commit")


def commit_first(world: World, place: Place) -> None:
    world.twins.must(place, "add", "-A")
    _commit(world, place, "first commit")


def commit_some(world: World, place: Place) -> None:
    """Stage some hunks of some files, as `git add -p` does, and commit them."""
    staged = world.twins.staged_files(place)
    for path in sorted(place.files.keys() | staged.keys()):
        if world.random.random() < 0.35 and len(place.files) > 1:
            continue
        if path not in place.files:
            world.twins.must(place, "add", path)
        else:
            lines = _some_hunks(world, staged.get(path, ()), place.files[path])
            if lines or path in staged:
                world.twins.stage(place, path, lines)
    _commit(world, place, "partial commit")


def _some_hunks(world: World, old: Lines, new: Lines) -> Lines:
    lines: list[Line] = []
    share = world.random.choice((0.5, 0.8))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        taken = kind != "equal" and world.random.random() < share
        lines += new[start:end] if taken else old[first:last]
    return tuple(lines)


def amend(world: World, place: Place) -> None:
    if world.random.random() < 0.75:
        world.twins.must(place, "add", "-A")
    _commit(world, place, "amend", "--amend", "--no-edit")


def rename(world: World, place: Place) -> None:
    path = world.random.choice(sorted(world.twins.staged_files(place)) or [""])
    free = [name for name in ("renamed.py", "moved.py", "other.py") if name not in place.files]
    if path not in place.files or not free:
        return
    new = world.random.choice(free)
    world.say(f"git mv {path} {new} in {place.name}")
    world.twins.must(place, "mv", path, new)
    world.renamed(path, new)
    place.files[new] = place.files.pop(path)
    if world.random.random() < 0.6:
        commit_all(world, place)


def restore(world: World, place: Place) -> None:
    """Throw away what was done to a file since the last commit."""
    committed = world.commits[world.heads(place)[0]].files
    dirty = [path for path in place.files if committed.get(path, ()) not in ((), place.files[path])]
    if not dirty:
        return
    path = world.random.choice(sorted(dirty))
    world.say(f"git restore {path} in {place.name}")
    world.show(path, place.files[path], committed[path])
    world.twins.must(place, "checkout", "HEAD", "--", path)
    place.files[path] = committed[path]


def uncommit(world: World, place: Place) -> None:
    """Take back the last commit but for the files; they are committed otherwise later."""
    made = world.commits[world.heads(place)[0]]
    if len(made.parents) == 1:
        world.say(f"git reset --mixed HEAD~1 in {place.name}")
        world.twins.must(place, "reset", "-q", "--mixed", "HEAD~1")


def branch_off(world: World, place: Place) -> None:
    name = f"b{world.number}"
    world.say(f"git switch -c {name} in {place.name}")
    world.twins.must(place, "switch", "-q", "-c", name)


def switch(world: World, place: Place) -> None:
    others = branches(world, place)
    if others and make_clean(world, place):
        name = world.random.choice(others)
        world.say(f"git switch {name} in {place.name}")
        if world.twins.run(place, "switch", "-q", name):
            world.twins.reload(place)


def stash(world: World, place: Place) -> None:
    """Stash, go on elsewhere perhaps, and take it back."""
    if world.is_clean(place):
        return
    world.say(f"git stash -u in {place.name}")
    world.twins.must(place, "stash", "-q", "-u")
    world.twins.reload(place)
    if world.random.random() < 0.5:
        switch(world, place)
    world.say(f"git stash pop in {place.name}")
    saved = [str(r.head.target) for r in place.repositories()]
    try:
        if not world.twins.run(place, "stash", "pop", "-q"):
            raise Apart("what was stashed does not fit any more")
        world.twins.reload(place)
    except Apart:
        world.say("what was stashed does not fit any more, and is thrown away")
        for side in (0, 1):
            world.twins.run_on(place, side, "reset", "-q", "--hard", saved[side])
            world.twins.run_on(place, side, "clean", "-fdq")
            world.twins.run_on(place, side, "stash", "drop", "-q")
        world.twins.reload(place)


def merge(world: World, place: Place) -> None:
    _decided(world, place, "merge", ("merge", "--no-ff", "-q", "-m", "merge"), ("commit", "-q"))


def squash_merge(world: World, place: Place) -> None:
    message = f"squash {world.number}"
    _decided(world, place, "squash", ("merge", "--squash", "-q"), ("commit", "-qm", message))


def cherry_pick(world: World, place: Place) -> None:
    _decided(world, place, "cherry-pick", ("cherry-pick",), ("cherry-pick", "--continue"))


def rebase(world: World, place: Place) -> None:
    _decided(world, place, "rebase", ("rebase", "-q"), ("rebase", "--continue"))


def fixup(world: World, place: Place) -> None:
    """Make one commit of the last ones."""
    made = world.commits[world.heads(place)[0]]
    depth = 0
    while len(made.parents) == 1 and depth < 3:
        made = world.commits[made.parents[0]]
        depth += 1
    if depth >= 2:
        onto = f"HEAD~{world.random.randint(2, depth)}"
        _decide(world, place, "fixup", ("rebase", "-q", "-i", onto), ("rebase", "--continue"))


def revert(world: World, place: Place) -> None:
    if len(world.commits[world.heads(place)[0]].parents) != 1:
        return
    back = world.random.choice(("HEAD", "HEAD", "HEAD~1"))
    if back == "HEAD~1" and len(world.commits[_parent(world, place)].parents) != 1:
        back = "HEAD"
    command = ("revert", "--no-edit", back)
    _decide(world, place, "revert", command, ("revert", "--continue"))


def _parent(world: World, place: Place) -> str:
    return world.commits[world.heads(place)[0]].parents[0]


def take_from(world: World, place: Place, other: Place) -> None:
    """Get what another clone has, and put our commits on top or merge."""
    name = world.random.choice(_names(other))
    theirs = f"{other.name}/{name}"
    world.twins.must(place, "fetch", "-q", other, f"+{name}:refs/remotes/{theirs}")
    if world.random.random() < 0.5:
        command, go_on = ("rebase", "-q", theirs), ("rebase", "--continue")
        _decide(world, place, "pull --rebase", command, go_on)
    else:
        merge_theirs = ("merge", "-q", "-m", "pull", theirs)
        _decide(world, place, "pull", merge_theirs, ("commit", "-q"))


def branches(world: World, place: Place) -> list[str]:
    """Names of branches that are checked out nowhere."""
    busy = [r.head.shorthand for r in (each.repositories()[0] for each in world.places)]
    return [name for name in _names(place) if name not in busy]


def _names(place: Place) -> list[str]:
    return sorted(place.repositories()[0].branches.local)


def make_clean(world: World, place: Place) -> bool:
    if not world.is_clean(place):
        commit_all(world, place)
    return world.is_clean(place)


def _commit(world: World, place: Place, how: str, *more: str) -> None:
    message = () if more else ("-m", f"c{world.next_order()}")
    world.twins.must(place, "commit", "-q", "--allow-empty", *message, *more)
    world.settle(place, how)


def _decided(
    world: World, place: Place, how: str, command: Sequence[str], go_on: Sequence[str]
) -> None:
    """Let git bring in another branch."""
    mine = place.repositories()[0].head.shorthand
    others = [name for name in _names(place) if name != mine]
    if others:
        _decide(world, place, how, (*command, world.random.choice(others)), go_on)


def _decide(
    world: World, place: Place, how: str, command: Sequence[str], go_on: Sequence[str]
) -> None:
    """Let git decide what comes of it; a person resolves conflicts. Undone where both differ."""
    if not make_clean(world, place):
        return
    branch = place.repositories()[0].head.shorthand
    saved = world.heads(place)
    world.say(f"git {' '.join(command)} in {place.name}, on {branch}")
    before = dict(place.files)
    try:
        done = world.twins.run(place, *command)
        for _ in range(MOST_COMMITS):
            if done:
                break
            resolve(world, place)
            done = world.twins.run(place, *go_on)
        if done and how == "squash" and _is_squashing(place):
            done = world.twins.run(place, *go_on)
        if not done:
            raise Apart("too many conflicts")
        world.twins.reload(place)
        world.settle(place, how)
    except Apart as apart:
        world.apart += 1
        world.say(f"taken back: {apart}")
        _undo(world, place, branch, saved)
    for path in sorted(before.keys() | place.files.keys()):
        world.show(path, before.get(path, ()), place.files.get(path, ()))


def _is_squashing(place: Place) -> bool:
    return all((Path(r.path) / "SQUASH_MSG").exists() for r in place.repositories())


def _undo(world: World, place: Place, branch: str, saved: Sequence[str]) -> None:
    for side, repository in enumerate(place.repositories()):
        folder = Path(repository.path)
        for name, command in (
            ("rebase-merge", "rebase"),
            ("CHERRY_PICK_HEAD", "cherry-pick"),
            ("REVERT_HEAD", "revert"),
        ):
            if (folder / name).exists():
                world.twins.run_on(place, side, command, "--abort")
        world.twins.run_on(place, side, "reset", "-q", "--hard", saved[side])
        world.twins.run_on(place, side, "clean", "-fdq")
        if repository.head.shorthand != branch:
            raise AssertionError(f"{branch} is not checked out after {command}")
    world.twins.reload(place)
