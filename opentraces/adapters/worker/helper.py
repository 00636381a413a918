"""Helper as a process of the same program, asked over a socket."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pickle import HIGHEST_PROTOCOL, dumps, loads
from queue import Empty, SimpleQueue
from socket import socketpair
from threading import Semaphore, Thread
from typing import Any

from opentraces.domain.errors import OpentracesError
from opentraces.ports.helper import Done, Helper, Order

_AT_ONCE = 3
"""Orders that are being carried out, or are done and not yet asked for: what bounds the memory."""

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
        self._room = Semaphore(_AT_ONCE)
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
        """Hand orders over until none is left, or the process is gone.

        The next one goes before the last answer is read, which takes a while beside a busy thread.
        """
        try:
            with suppress(*_GONE):
                self._connection.send_bytes(dumps(self._told, HIGHEST_PROTOCOL))
            order = self._handed_over(take)
            while order is not None:
                answer = self._answer()
                following = self._handed_over(take) if answer is not None else None
                done: Done | None = None if answer is None else loads(answer)  # noqa: S301
                self._done.put((order, done))
                order = following
        finally:
            self._done.put(None)

    def _handed_over(self, take: Callable[[], Order | None]) -> Order | None:
        """Send the next order, when there is room. None: there is none, or it is all over."""
        self._room.acquire()
        order = None if self._is_closed else take()
        if order is not None:
            with suppress(*_GONE):  # then it gets no answer
                self._connection.send_bytes(dumps(order, HIGHEST_PROTOCOL))
        return order

    def _answer(self) -> bytes | None:
        """Return what it said to the order that it has longest. None: it is gone."""
        try:
            return self._connection.recv_bytes()
        except _GONE:
            return None


def serve(descriptor: int, made: Callable[[Any], Callable[[Any], object]]) -> None:
    """Carry out orders that come over a socket until it is closed.

    `made` makes, of what is told first, what carries out an order. What fails with an error of
    ours is answered with None: whoever asked does it, and learns why.
    """
    connection = Connection(descriptor)
    with suppress(*_GONE):
        carry_out = made(loads(connection.recv_bytes()))  # noqa: S301
        while True:
            order = loads(connection.recv_bytes())  # noqa: S301
            try:
                done = carry_out(order)
            except OpentracesError:
                done = None
            connection.send_bytes(dumps(done, HIGHEST_PROTOCOL))


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
