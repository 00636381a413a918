"""Histories: five to fifteen operations at random, from a seed."""

from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.integration.trail.fuzzing import committing, writing
from tests.integration.trail.fuzzing.lines import Mode
from tests.integration.trail.fuzzing.twins import Place
from tests.integration.trail.fuzzing.world import World

Operation = Callable[[World, Place], None]

JOINING: tuple[Operation, ...] = (
    committing.merge,
    committing.squash_merge,
    committing.cherry_pick,
    committing.rebase,
    committing.rebase,
)
BY_HAND: tuple[Operation, ...] = (
    writing.human_types,
    writing.human_rewords,
    writing.human_deletes,
    writing.formatter_runs,
)


def write_history(root: Path, mode: Mode, seed: int) -> World:
    """Let a history happen in real repositories below `root`."""
    world = World(Random(f"{mode} {seed}"), mode, root)
    main = _begin(world)
    weights = EVERYWHERE | (IDENTICAL if mode == "identical" else {})
    for number in range(1, world.random.randint(6, 16)):
        world.number = number
        world.tick()
        if number in (2, 5) and world.random.random() < 0.3:
            _one_more_place(world, main)
        _pull_now_and_then(world)
        place = world.random.choice([main, *world.places])
        (operation,) = world.random.choices(list(weights), list(weights.values()))
        operation(world, place)
    _end(world, main)
    return world


def _begin(world: World) -> Place:
    main = Place("main", world.root / "main", world.root / "main-shadow")
    for side in main.sides:
        side.mkdir()
    world.places.append(main)
    world.twins.must(main, "init", "-q")
    world.say("what was there at first")
    for name in world.random.sample(writing.NAMES, world.random.randint(1, 2)):
        texts: list[bytes] = []
        while len(texts) < world.random.randint(3, 16):
            texts += world.pool.texts(4)
        world.put(main, name, world.write(texts, "first"))
    committing.commit_first(world, main)
    return main


def _diverge(world: World, place: Place) -> None:
    """Go on in two branches, and bring them together most of the time."""
    if not committing.make_clean(world, place):
        return
    home = place.repositories()[0].head.shorthand
    committing.branch_off(world, place)
    for _ in range(world.random.randint(1, 2)):
        _change_and_commit(world, place)
    world.twins.must(place, "switch", "-q", home)
    world.twins.reload(place)
    world.say(f"git switch {home} in {place.name}")
    for _ in range(world.random.randint(0, 2)):
        _change_and_commit(world, place)
    if world.random.random() < 0.85:
        world.tick()
        world.random.choice(JOINING)(world, place)


def _change_and_commit(world: World, place: Place) -> None:
    for _ in range(world.random.randint(1, 2)):
        world.tick()
        if world.random.random() < 0.7:
            writing.agent_edits(world, place)
        else:
            world.random.choice(BY_HAND)(world, place)
    world.tick()
    committing.commit_all(world, place)


def _one_more_place(world: World, main: Place) -> None:
    """A second worktree, or a second clone."""
    if len(world.places) > 1:
        return
    name = world.random.choice(("worktree", "clone"))
    place = Place(name, world.root / name, world.root / f"{name}-shadow")
    world.say(f"a second {name}")
    if name == "worktree":
        world.twins.must(main, "worktree", "add", "-q", "-b", f"w{world.number}", place)
    else:
        world.twins.must(main, "clone", "-q", main, place)
    world.twins.reload(place)
    world.places.append(place)


def _pull_now_and_then(world: World) -> None:
    clones = [place for place in world.places if place.name == "clone"]
    if clones and world.random.random() < 0.2:
        one, other = world.random.sample([world.places[0], clones[0]], 2)
        committing.take_from(world, one, other)


def _end(world: World, main: Place) -> None:
    """Commit all there is, and bring it together in one object store."""
    world.number += 1
    world.tick()
    for place in world.places:
        committing.commit_all(world, place)
        if place.name == "clone":
            world.twins.must(main, "fetch", "-q", place, "+refs/heads/*:refs/remotes/clone/*")


EVERYWHERE: dict[Operation, int] = {
    writing.agent_edits: 60,
    writing.agent_deletes_file: 1,
    writing.agent_looks: 4,
    writing.human_types: 8,
    writing.human_deletes: 5,
    writing.human_rewords: 5,
    writing.script_runs: 4,
    writing.formatter_runs: 5,
    committing.commit_all: 20,
    committing.commit_some: 10,
    committing.amend: 6,
    committing.rename: 4,
    committing.restore: 2,
    committing.uncommit: 2,
    committing.branch_off: 3,
    committing.switch: 5,
    committing.stash: 3,
    committing.merge: 4,
    committing.squash_merge: 3,
    committing.cherry_pick: 3,
    committing.rebase: 5,
    committing.fixup: 4,
    committing.revert: 3,
    _diverge: 14,
}
IDENTICAL: dict[Operation, int] = {
    writing.human_retypes: 6,
    writing.human_deletes_and_retypes: 8,
    writing.human_pastes: 7,
}
"""What writes a text again that was there: nothing of it in histories of unique texts."""
