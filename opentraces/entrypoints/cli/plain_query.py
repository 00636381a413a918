"""`trace query` without click, where nobody looks on: click alone takes as long as five searches.

Scripts and agents search in a loop. A command line that only click can read, or that a terminal
waits for, is left to it; both print the same.
"""

import sys
from collections.abc import Sequence

from opentraces.domain.errors import OpentracesError
from opentraces.entrypoints.cli import exit_codes, output
from opentraces.entrypoints.cli.ending import exit_code, message
from opentraces.entrypoints.cli.following import keep_up
from opentraces.entrypoints.cli.interruption import Interruption
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.trace.finding import find

_FLAGS = ("--json", "--jsonl")


def run(arguments: Sequence[str], interruption: Interruption) -> int:
    """Search for the words behind `trace query`; returns what the process ends with."""
    words = [word for word in arguments[2:] if word not in _FLAGS]
    as_json, as_jsonl = (flag in arguments for flag in _FLAGS)
    keep_up(arguments)
    try:
        with interruption:
            find(" ".join(words), {}, as_json=as_json, as_jsonl=as_jsonl)
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OpentracesError, OSError) as error:
        output.note(f"opentraces: {one_line(message(error))}")
        return exit_code(error)
    return exit_codes.DONE
