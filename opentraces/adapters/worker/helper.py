"""Helper as a process of the same program, asked over a socket."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from socket import socketpair
from threading import Semaphore, Thread
from typing import Any

from opentraces.domain.errors import OpentracesError
from opentraces.ports.helper import Done, Helper, Order

_WAITING = 2
"""What was done and not yet asked for, above which no more is done: what bounds the memory."""

_GONE = (OSError, EOFError)


class HelperProcess(Helper[Order, Done]):
    """See Helper. A thread hands orders to the process; all it is told is pickled."""

    def __init__(self, command: tuple[str, ...], told: object) -> None:
        """`command`: run with a socket as its standard input, on which it calls `serve`.

        `told`: what it is told before its first order.
        """
        ours, theirs = socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                process_group=0,  # who interrupts this one by a key lets this one end it
            )
        self._connection = Connection(ours.detach())
        self._told = told
        self._done: SimpleQueue[tuple[Order, Done | None] | None] = SimpleQueue()
        self._room = Semaphore(_WAITING)
        self._thread: Thread | None = None
        self._is_closed = False

    def begin(self, take: Callable[[], Order | None]) -> None:
        """See Helper."""
        self._thread = Thread(target=self._feed, args=(take,), daemon=True)
        self._thread.start()

    def done(self, *, wait: bool) -> Iterator[tuple[Order, Done | None]]:
        """See Helper."""
        with suppress(Empty):
            while (each := self._done.get(block=wait)) is not None:
                self._room.release()
                yield each
            self._done.put(None)

    def close(self) -> None:
        """See Helper."""
        self._is_closed = True
        self._process.kill()
        self._process.wait()
        self._room.release()
        if self._thread is not None:
            self._thread.join()
        self._connection.close()

    def _feed(self, take: Callable[[], Order | None]) -> None:
        try:
            with suppress(*_GONE):
                self._connection.send(self._told)
            while True:
                self._room.acquire()
                order = None if self._is_closed else take()
                if order is None:
                    return
                done = self._carried_out(order)
                self._done.put((order, done))
                if done is None:
                    return
        finally:
            self._done.put(None)

    def _carried_out(self, order: Order) -> Done | None:
        try:
            self._connection.send(order)
            done: Done | None = self._connection.recv()
        except _GONE:
            return None
        return done


def serve(descriptor: int, made: Callable[[Any], Callable[[Any], object]]) -> None:
    """Carry out orders that come over a socket until it is closed.

    `made` makes, of what is told first, what carries out an order. What fails with an error of
    ours is answered with None: whoever asked does it, and learns why.
    """
    connection = Connection(descriptor)
    with suppress(*_GONE):
        carry_out = made(connection.recv())
        while True:
            order = connection.recv()
            try:
                done = carry_out(order)
            except OpentracesError:
                done = None
            connection.send(done)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
