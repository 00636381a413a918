"""Imports that are shared with a helper: the same is kept, counted and found as alone."""

import pickle
from collections.abc import Callable
from dataclasses import replace

from opentraces.adapters.memory.helper import MemoryHelper
from opentraces.application.keep_batch import BatchOrder, KeptBatch
from opentraces.application.sharing import ImportHelper
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.session import Scope
from tests.memory_world import MemoryWorld
from tests.transcript_lines import answered, typed

FORK = (
    typed("Fix it", at=0, session="s2")
    + answered("Done", at=5, session="s2")
    + answered("Forked", at=30, session="s2")
)
MANY = 100
"""Sessions enough for several batches."""


def crowded(world: MemoryWorld) -> MemoryWorld:
    for number in range(MANY):
        name = f"m{number}"
        world.leave(name, {f"{name}.jsonl": typed(f"Fix {name}", at=number, session=name)})
    world.leave("s1", {"s1.jsonl": typed("Fix it", at=0) + answered("Done", at=5)})
    world.leave("s2", {"s2.jsonl": FORK})
    return world


def helped(world: MemoryWorld, carry_out: Callable[[BatchOrder], KeptBatch]) -> MemoryWorld:
    helper = MemoryHelper[BatchOrder, KeptBatch](carry_out)
    world.imports = replace(world.imports, helpers=lambda: (helper,), shared_from=0)
    return world


def test_what_a_helper_kept_is_counted_and_found_as_if_it_was_kept_here() -> None:
    alone, shared = crowded(MemoryWorld()), crowded(MemoryWorld())
    given = list[int]()

    def carry_out(order: BatchOrder) -> KeptBatch:
        given.append(len(order.sessions))
        return through_a_pipe(world_keeps.execute(order))

    world_keeps = shared.imports.keep_batch
    told = list[int]()
    expected = alone.run()
    done = helped(shared, carry_out).imports.execute(
        Scope(), lambda so_far, of: told.append(so_far)
    )

    assert 0 < sum(given) < MANY
    assert done == expected
    assert shared.records() == alone.records()
    assert shared.query("fix").total == alone.query("fix").total == MANY + 2
    assert not shared.markers.marked()
    assert told == sorted(told)
    assert told[-1] == sum(session.size for session in shared.imports.find.source.discover(Scope()))
    assert shared.run().unchanged == MANY + 2


def test_what_follows_bit_by_bit_is_what_follows_at_once() -> None:
    at_once, by_bits = crowded(MemoryWorld()), crowded(MemoryWorld())
    by_bits.imports = replace(by_bits.imports, together=1)

    assert by_bits.run() == at_once.run()
    assert by_bits.records() == at_once.records()
    assert by_bits.query("fix") == at_once.query("fix")
    assert not by_bits.markers.marked()


def test_what_a_helper_could_not_keep_is_kept_here() -> None:
    def refuse(order: BatchOrder) -> KeptBatch:
        raise StorageUnavailable("it is gone")

    world = helped(crowded(MemoryWorld()), refuse)

    assert world.run().kept == MANY + 2
    assert world.query("fix").total == MANY + 2


def test_session_of_which_events_wait_is_kept_here() -> None:
    def refuse(order: BatchOrder) -> KeptBatch:
        assert "s3" not in {session.session for session in order.sessions}
        raise StorageUnavailable("it is gone")

    world = helped(crowded(MemoryWorld()), refuse)
    world.leave("s3", {"s3.jsonl": typed("Fix it", at=0, session="s3")})
    world.tell("s3", "Stop")

    assert world.run().kept == MANY + 3
    assert not list(world.spool.waiting())


def test_few_bytes_begin_no_helper() -> None:
    world = crowded(MemoryWorld())
    begun = list[int]()

    def helpers() -> tuple[ImportHelper, ...]:
        begun.append(1)
        return ()

    world.imports = replace(world.imports, helpers=helpers)

    assert world.run().kept == MANY + 2
    assert begun == []


def through_a_pipe(kept: KeptBatch) -> KeptBatch:
    copy: KeptBatch = pickle.loads(pickle.dumps(kept))  # noqa: S301
    return copy
