"""Evidence that is another repository's, damaged, or let go: nobody is named wrongly for it."""

from datetime import UTC, datetime

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.application.release_sources import ReleaseSources
from opentraces.entrypoints.container.reading import traces
from opentraces.entrypoints.container.writing import writer
from tests.integration.trail.scenarios.told import BLOB, Run, functions
from tests.integration.trail.scenarios.world import Agent, Checkout, World

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def test_a_file_of_the_same_name_in_another_repository_is_another_file(
    world: World, app: Checkout
) -> None:
    part = world.repository("part", text=functions("other").lstrip())
    app.git("submodule", "--quiet", "add", str(part.folder), "part")
    app.commit("with a part")
    inner = world.checkout("app/part")
    agent = world.agent(app)
    one = agent.adds("a.py", functions("second"))
    two = agent.writes("part/b.py", functions("third").lstrip())
    inner.add("a.py", functions("second"))  # a person copies it
    inside = inner.commit()
    outside = app.commit()
    world.keep()

    assert set(world.credits(inner)) == {(inside, "b.py")}
    assert world.credits(app) == {(outside, "a.py"): [Run(3, 6, one, BLOB)]}
    assert {run.step for runs in world.credits(inner).values() for run in runs} == {two}


def test_a_session_whose_bytes_are_damaged_hinders_no_other(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    damaged = world.agent(app)
    damaged.adds("a.py", functions("early"))
    step = agent.adds("a.py", second)
    made = app.commit()
    world.keep()
    [name] = [name for name, session in world.names().items() if session == damaged.name]
    source = next(world.settings.bucket.glob(f"traces/v1/*/{name}/source-0.zst"))
    data = bytearray(source.read_bytes())
    data[len(data) // 2] ^= 1
    source.write_bytes(data)

    assert world.credits(app) == {(made, "a.py"): [Run(7, 10, step, BLOB)]}


def test_what_was_found_stays_when_the_bytes_behind_it_are_let_go(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.writes("new.py", functions("third").lstrip())
    agent.adds("a.py", second)
    made = app.commit()
    world.keep()
    before = world.credits(app)
    assert (made, "new.py") in before
    store, settings = traces(world.settings), world.settings
    release = ReleaseSources(store, FilesystemBlobStore(settings.bucket), writer(settings))
    release.execute(LATER, dry_run=False)
    app.write("new.py", app.read("new.py") + "added = 'by a person'\n")
    app.git("add", "--all")
    app.git("commit", "--quiet", "--amend", "--no-edit")  # looks at that part of history again

    after = world.credits(app)

    assert {key: runs for key, runs in after.items() if key[0] == made} == before
    assert step in {run.step for run in before[made, "new.py"]}
