"""A helper's process: doubles numbers, and ends at once when it is given the one it was told."""

import os
import sys
from collections.abc import Callable

from opentraces.adapters.worker.helper import serve
from opentraces.domain.errors import StorageUnavailable


def made(ending: int) -> Callable[[int], int]:
    def double(number: int) -> int:
        if number == ending:
            os._exit(1)
        if number < 0:
            raise StorageUnavailable("it is below zero")
        return 2 * number

    return double


serve(sys.stdin.fileno(), made)
