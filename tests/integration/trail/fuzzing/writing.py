"""Those who change files: agents, people, scripts and formatters."""

from collections.abc import Sequence

from opentraces.domain.trail.action import Action
from tests.integration.trail.fuzzing.lines import BOILERPLATE, WORDS, Line, Lines, keep_equal
from tests.integration.trail.fuzzing.telling import (
    EDITS,
    WRITES,
    Edited,
    Run,
    tell,
    tell_sight,
    tell_write,
)
from tests.integration.trail.fuzzing.twins import Place
from tests.integration.trail.fuzzing.world import Step, World

NAMES = ("app.py", "lib.py", "src/core.py", "notes.md")


def some_path(world: World, place: Place) -> str | None:
    return world.random.choice(sorted(place.files)) if place.files else None


def some_run(world: World, lines: Sequence[Line], most: int) -> tuple[int, int]:
    """First line of a run, and the line behind its last."""
    first = world.random.randint(0, len(lines))
    return first, min(len(lines), first + world.random.randint(0, most))


# Agents.


def agent_edits(world: World, place: Place) -> None:
    path = some_path(world, place)
    if path is None or (len(place.files) < 3 and world.random.random() < 0.12):
        return agent_makes_file(world, place)
    before = place.files[path]
    if world.random.random() < 0.35:
        see(world, place, path)
    patch = f"p{len(world.steps):02d}"
    runs = _agent_runs(world, before, patch)
    after = _replaced(before, runs)
    edited = Edited(patch, world.moment, place, path, before, after, tuple(runs))
    if world.random.random() < 0.15:
        told = world.random.choice(WRITES)
        action = tell_write(edited, told)
    else:
        told = world.random.choice(EDITS)
        action = tell(world.random, edited, told)
    new = [line for run in runs for line in run.new if line.author == patch]
    _did(world, edited, action, told, new)
    return None


def agent_makes_file(world: World, place: Place) -> None:
    free = [name for name in NAMES if name not in place.files]
    if not free:
        return
    path = world.random.choice(free)
    patch = f"p{len(world.steps):02d}"
    texts: list[bytes] = []
    while len(texts) < world.random.randint(4, 14):
        texts += world.pool.texts(4)
    after = world.write(texts, patch)
    edited = Edited(patch, world.moment, place, path, None, after, (Run(0, (), after),))
    told = world.random.choice(WRITES)
    _did(world, edited, tell_write(edited, told), told, after)


def agent_deletes_file(world: World, place: Place) -> None:
    path = some_path(world, place)
    if path is None or len(place.files) < 2:
        return
    patch = f"p{len(world.steps):02d}"
    edited = Edited(patch, world.moment, place, path, place.files[path], None)
    _did(world, edited, tell(world.random, edited, "whole"), "whole", ())


def agent_looks(world: World, place: Place) -> None:
    path = some_path(world, place)
    if path is not None:
        see(world, place, path)


def see(world: World, place: Place, path: str) -> None:
    """An agent reads a whole file."""
    world.say(f"an agent reads {path} in {place.name}")
    world.actions.append(tell_sight(place, path, world.moment))
    world.saw(place, path, place.files[path])
    world.twins.moment += world.random.randint(1, 4000)


def _did(world: World, edited: Edited, action: Action, told: str, new: Sequence[Line]) -> None:
    """Let an edit happen, and note what its tool tells of it."""
    assert edited.patch is not None
    place, path, after = edited.place, edited.path, edited.after
    said = f"{action.operation} {told}"
    if action.before is not None or action.had_file is False:
        world.saw(place, path, edited.before or ())
    world.say(f"agent, {edited.patch} in {place.name}: {path}, told: {said}")
    world.put(place, path, after)
    kept = after if told == "before_unknown" and after else ()
    again = tuple(line for line in kept if line not in set(new))
    world.steps[edited.patch] = Step(
        edited.patch, world.next_order(), world.moment, place, path, tuple(new), again, said
    )
    follows = edited.before is not None and world.last_seen(place, path) == edited.before
    if action.after is not None or after is None or follows:
        world.saw(place, path, after or ())
    world.actions.append(action)


def _agent_runs(world: World, before: Lines, patch: str) -> list[Run]:
    first, last = some_run(world, before, 3)
    spans = [(first, last)]
    if last + 2 < len(before) and world.random.random() < 0.3:
        more, end = some_run(world, before[last + 2 :], 2)
        spans.append((last + 2 + more, last + 2 + end))
    runs = []
    for first, last in spans:
        old = before[first:last]
        texts = _agent_texts(world)
        if old and world.random.random() < 0.3:
            texts.insert(world.random.randint(0, len(texts)), old[0].text)
        if world.random.random() < 0.1 and old:
            texts = []
        runs.append(Run(first, old, world.write(keep_equal(old, texts), patch)))
    return runs


def _agent_texts(world: World) -> list[bytes]:
    """What an agent writes; now and then what another one wrote lately."""
    lately = [step.lines for step in list(world.steps.values())[-3:] if step.lines]
    if world.mode == "identical" and lately and world.random.random() < 0.05:
        return [line.text for line in world.random.choice(lately)[:5]]
    return world.pool.texts(6)


def _replaced(before: Lines, runs: Sequence[Run]) -> Lines:
    lines: list[Line] = list(before)
    for run in reversed(runs):
        lines[run.start : run.start + len(run.old)] = run.new
    return tuple(lines)


# People.


def human_types(world: World, place: Place) -> None:
    _changes(world, place, "human", "types", 0, world.pool.texts(4))


def human_deletes(world: World, place: Place) -> None:
    _changes(world, place, "human", "deletes", 4, [])


def human_rewords(world: World, place: Place) -> None:
    path = some_path(world, place)
    if path is None:
        return
    lines = place.files[path]
    first, last = some_run(world, lines, 2)
    texts = [line.text + b"  # " + world.pool.fresh().strip()[:12] for line in lines[first:last]]
    _replace(world, place, path, (first, last), texts, "human rewords")


def human_retypes(world: World, place: Place) -> None:
    """Type again what an agent wrote and is gone, here or elsewhere in the file."""
    path = some_path(world, place)
    if path is None:
        return
    lines = place.files[path]
    wrote = [step.lines for step in world.steps.values() if step.path == path]
    gone = [line for each in wrote for line in each if line not in set(lines)]
    first, _ = some_run(world, lines, 0)
    if gone:
        _replace(world, place, path, (first, first), world.pool.again(gone, 3), "human retypes")


def human_deletes_and_retypes(world: World, place: Place) -> None:
    """Delete lines, and type the same soon after; mostly an agent looks in between."""
    path = some_path(world, place)
    if path is None:
        return
    lines = place.files[path]
    own = [at for at, line in enumerate(lines) if line.author in world.steps]
    first = world.random.choice(own or [0])
    last = min(len(lines), first + world.random.randint(1, 4))
    texts = [line.text for line in lines[first:last]]
    _replace(world, place, path, (first, last), [], "human deletes")
    if world.random.random() < 0.8:
        see(world, place, path)
    if world.random.random() < 0.4:
        first = world.random.randint(0, len(place.files[path]))
    _replace(world, place, path, (first, first), texts, "human retypes")


def human_pastes(world: World, place: Place) -> None:
    """Copy lines of any file into any file; an agent's more often than not."""
    source, path = some_path(world, place), some_path(world, place)
    if source is None or path is None:
        return
    lines = place.files[source]
    own = [line for line in lines if line.author in world.steps]
    texts = world.pool.again(own or lines, 4) if lines else []
    at, _ = some_run(world, place.files[path], 0)
    _replace(world, place, path, (at, at), texts, f"human pastes from {source}")


def script_runs(world: World, place: Place) -> None:
    """A command changes some lines, as sed does; now and then Git told of it afterwards."""
    path = some_path(world, place)
    if path is None:
        return
    before = place.files[path]
    word = world.random.choice(WORDS).encode()
    texts = [line.text.replace(word, b"re" + word) for line in before]
    if world.random.random() < 0.4:
        texts += [world.pool.fresh()]
        if world.mode == "identical":
            texts += [world.random.choice(BOILERPLATE)]
    _replace(world, place, path, (0, len(before)), texts, "script writes")
    if world.random.random() < 0.3:
        edited = Edited(None, world.moment, place, path, before, place.files[path])
        known = world.random.random() < 0.5
        world.say(f"what a script did to {path} was noted")
        world.actions.append(tell_write(edited, "whole" if known else "before_unknown"))
        world.saw(place, path, place.files[path])


def formatter_runs(world: World, place: Place) -> None:
    """Lines are indented otherwise, or two become one, or one becomes two."""
    path = some_path(world, place)
    if path is None:
        return
    lines = list(place.files[path])
    first, last = some_run(world, lines, 8)
    kind = world.random.choice(("indent", "indent", "indent", "join", "split"))
    done: list[Line] = []
    for line in lines[first:last]:
        if kind == "split" and b" = " in line.text:
            one, two = line.text.split(b" = ", 1)
            done.append(world.pool.write(one + b" = (", "formatter", (line,)))
            done.append(world.pool.write(b"    " + two + b")", "formatter", (line,)))
        elif kind == "join" and done and bytes(line.text) and len(done[-1].text) < 30:
            other = done.pop()
            text = other.text + b" " + line.text.strip()
            done.append(world.pool.write(text, "formatter", (other, line)))
        elif kind == "indent" and line.text:
            done.append(world.pool.write(b"  " + line.text, "formatter", (line,)))
        else:
            done.append(line)
    world.say(f"formatter ({kind}) in {place.name}")
    world.put(place, path, (*lines[:first], *done, *lines[last:]))


def _changes(
    world: World, place: Place, author: str, what: str, most: int, texts: list[bytes]
) -> None:
    path = some_path(world, place)
    if path is not None:
        span = some_run(world, place.files[path], most)
        _replace(world, place, path, span, texts, f"{author} {what}")


def _replace(
    world: World,
    place: Place,
    path: str,
    span: tuple[int, int],
    texts: Sequence[bytes],
    what: str,
) -> None:
    lines = place.files[path]
    first, last = span
    new = world.write(keep_equal(lines[first:last], texts), what.split(" ")[0])
    world.say(f"{what} in {place.name}")
    world.put(place, path, (*lines[:first], *new, *lines[last:]))
