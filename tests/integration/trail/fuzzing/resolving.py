"""A person who resolves conflicts."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pygit2

from tests.integration.trail.fuzzing.lines import Line
from tests.integration.trail.fuzzing.twins import SERIAL, Apart, Place
from tests.integration.trail.fuzzing.world import World

MARKS = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")


def resolve(world: World, place: Place) -> None:
    """Resolve what both repositories stopped at. Raises Apart where that is not the same."""
    real, shadow = (dict(_conflicts(each)) for each in place.repositories())
    if not real or not shadow or not shadow.keys() <= real.keys():
        raise Apart("conflicts in other files")
    if not all([*real.values(), *shadow.values()]):
        raise Apart("a file was changed and deleted")
    if not _same_step(place):
        raise Apart("stopped at another commit")
    for path in sorted(real):
        content = (place.shadow / path).read_bytes()
        lines = tuple(_resolved(world, content.split(b"\n")[:-1]))
        world.say(f"human resolves {path}")
        world.twins.write(place, path, lines)
    world.twins.must(place, "add", "-A")


def _conflicts(repository: pygit2.Repository) -> Iterator[tuple[str, bool]]:
    """Paths with a conflict, and whether it is one of lines."""
    for _, ours, theirs in repository.index.conflicts or ():
        entry = ours or theirs
        if entry is not None:
            yield entry.path, bool(ours and theirs)


def _same_step(place: Place) -> bool:
    steps = []
    for repository in place.repositories():
        file = Path(repository.path) / "rebase-merge" / "msgnum"
        steps.append(file.read_bytes() if file.exists() else b"")
    return steps[0] == steps[1]


def _resolved(world: World, texts: Sequence[bytes]) -> Iterator[Line]:
    parts: list[list[Line]] = []
    for text in texts:
        if text.startswith(MARKS):
            if text.startswith(b">>>>>>>"):
                yield from _chosen(world, parts[0], parts[-1])
                parts = []
            else:
                parts.append([])
            continue
        found = SERIAL.match(text)
        if found is None:
            raise Apart("a file of the shadow holds other things than lines")
        line = world.pool.lines[int(found.group(1))]
        if parts:
            parts[-1].append(line)
        else:
            yield line


def _chosen(world: World, ours: list[Line], theirs: list[Line]) -> list[Line]:
    both = [*ours, *(line for line in theirs if line not in ours)]
    kind = world.random.choice(("ours", "theirs", "both", "both", "some"))
    if kind == "some":
        new = [world.pool.write(world.pool.text(), "human")]
        return [*(line for line in both if world.random.random() < 0.7), *new]
    return {"ours": ours, "theirs": theirs, "both": both}[kind]
