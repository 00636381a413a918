"""`python -m opentraces.entrypoints.helping`: keeps sessions for an import that began it."""

import gc
import os
import sys

from opentraces.entrypoints.container.helping import serve_batches

_PRIVATE = 0o077
"""As in the process that began it."""

_OBJECTS = 200_000
"""Objects after which garbage is looked for: as there."""


def main() -> None:
    """Keep what is asked for over standard input, until that is closed."""
    os.umask(_PRIVATE)
    gc.freeze()
    gc.set_threshold(_OBJECTS, 20, 100)
    serve_batches(sys.stdin.fileno())
    os._exit(0)


if __name__ == "__main__":
    main()
