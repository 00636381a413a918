"""The console script: answers at once what needs no click, and starts click for all else."""

import gc
import os
import sys
from importlib import import_module

from opentraces import __version__
from opentraces.entrypoints.cli.commands import overview
from opentraces.entrypoints.cli.exit_codes import DONE, INTERRUPTED, PIPE_CLOSED, UNAVAILABLE

_PRIVATE = 0o077
"""What is made is for its owner alone; files of libraries, such as the index's, included."""

_OBJECTS = 200_000
"""Start-up makes tens of thousands of objects that stay; looking for garbage among them is vain."""

_BEFORE_ORJSON = ("datetime", "dataclasses", "json", "uuid")
"""What orjson imports while it is loaded: where one of these is interrupted, it crashes."""


def main() -> None:
    """Run the program, and end the process.

    At once: taking down all modules one by one takes Python longer than a search.
    """
    os.umask(_PRIVATE)
    try:
        code = _flushed(_run(sys.argv[1:]))
    except BrokenPipeError:
        code = PIPE_CLOSED
    except KeyboardInterrupt:
        code = INTERRUPTED
    os._exit(code)


def _flushed(code: int) -> int:
    """Write what waits to be written, and return what the process ends with.

    A command that could not write its result has said so, and part of it may wait still.
    """
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if code != UNAVAILABLE:
            _say(f"opentraces: the result cannot be written: {error.strerror}\n")
        return UNAVAILABLE
    return code


def _say(text: str) -> None:
    """Say something, if there is anything left to say it to."""
    try:
        os.write(2, text.encode())
    except OSError:
        return


def _run(arguments: list[str]) -> int:
    """Run a command line, and return what it ends with.

    No arguments at all may be a shell that asks for completions, which click answers.
    """
    if arguments in (["--help"], ["-h"]):
        sys.stdout.write(overview())
        return DONE
    if arguments == ["--version"]:
        sys.stdout.write(f"opentraces {__version__}\n")
        return DONE
    gc.set_threshold(_OBJECTS, 20, 100)
    for name in _BEFORE_ORJSON:
        import_module(name)
    interruption = import_module("opentraces.entrypoints.cli.interruption").Interruption()
    interruption.watch()
    with interruption:
        if _is_plain_query(arguments):
            plain = import_module("opentraces.entrypoints.cli.plain_query")
            return int(plain.run(arguments, interruption))
        return int(import_module("opentraces.entrypoints.cli.main").run(interruption))


def _is_plain_query(arguments: list[str]) -> bool:
    """Whether it is a search that `plain_query` answers: words alone, and no terminal."""
    words = [word for word in arguments[2:] if word not in ("--json", "--jsonl")]
    is_query = arguments[:2] == ["trace", "query"] and not any(w[:1] == "-" for w in words)
    return is_query and sys.stdout is not None and not sys.stdout.isatty()
