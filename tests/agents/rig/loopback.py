"""A server on loopback, as long as somebody needs it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


def _nothing() -> None:
    """There is nothing to let go."""


@contextmanager
def listening(
    handler: type[BaseHTTPRequestHandler], release: Callable[[], object] = _nothing
) -> Iterator[str]:
    """Serve by a handler; yields the address. `release` lets go what answers still hold back."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            release()
            server.shutdown()
            thread.join()
