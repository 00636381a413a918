"""Every disk that the order of operations allows when the power goes.

What a later sync covers is there. Of the rest, any subset may be: a disk writes in the order that
suits it. A write may be cut short, or its file have grown with nothing in it yet.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations
from random import Random

from tests.integration.adapters.filesystem.medium import Disk, Operation, covers

_SECTOR = 512


def disks(
    before: Disk,
    done: Sequence[Operation],
    most: int,
    random: Random,
    instants: int | None = None,
) -> Iterator[Disk]:
    """Yield each disk that may be left, wherever in `done` the power goes; none twice.

    Of the subsets at one point up to `most` are yielded: all, or the smallest, the largest, and
    others by chance; of all of them together, up to `instants` by chance.
    """
    every = list(_kept(done, most, random))
    seen = {fingerprint(before)}
    yield copy.deepcopy(before)
    if instants is not None and instants < len(every):
        every = random.sample(every, instants)
    for point, kept in every:
        disk = replace(copy.deepcopy(before), point=point)
        for operation in kept:
            disk.apply(operation)
        mark = fingerprint(disk)
        if mark not in seen:
            seen.add(mark)
            yield disk


def points(done: Sequence[Operation]) -> Iterator[tuple[Operation, list[Operation], set[int]]]:
    """Yield each change, all before it, and which of those a sync had not made durable."""
    for number, last in enumerate(done):
        if last.is_sync:
            continue
        syncs = [(at, done[at]) for at in range(number) if done[at].is_sync]
        pending = {
            at
            for at in range(number)
            if not done[at].is_sync
            and not any(at < synced and covers(sync, done[at]) for synced, sync in syncs)
        }
        yield last, list(done[:number]), pending


def fingerprint(disk: Disk) -> int:
    """Return a number for what can be seen on a disk."""
    return hash((frozenset(disk.seen_folders()), frozenset(disk.seen_files().items())))


def _kept(
    done: Sequence[Operation], most: int, random: Random
) -> Iterator[tuple[int, list[Operation]]]:
    """Yield where, and what survives: the last change, what was durable, some of the rest."""
    for last, before, pending in points(done):
        for lost in _subsets(sorted(pending), most, random):
            rest = [each for at, each in enumerate(before) if at not in lost and not each.is_sync]
            for torn in _torn(last) if len(lost) in (0, len(pending)) else [last]:
                yield len(before) + 1, [*rest, torn]


def _subsets(pending: list[int], most: int, random: Random) -> Iterator[set[int]]:
    if 2 ** len(pending) <= most:
        sizes = range(len(pending) + 1)
        yield from map(set, chain.from_iterable(combinations(pending, n) for n in sizes))
        return
    everything = set(pending)
    yield from (set(), everything)
    for one in pending:
        yield from ({one}, everything - {one})
    for _ in range(most - 2 * len(pending) - 2):
        yield {each for each in pending if random.getrandbits(1)}


def _torn(last: Operation) -> Iterator[Operation]:
    """Yield a change; of a write also its beginning, and its length without its bytes."""
    yield last
    if last.kind == "pwrite" and len(last.data) > 1:
        whole = len(last.data) // 2 // _SECTOR * _SECTOR or len(last.data) // 2
        yield replace(last, data=last.data[:whole])
        yield replace(last, data=bytes(len(last.data)))
