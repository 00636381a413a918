"""What no implementation can beat: the same work without opentraces, in a process of its own."""

import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

import orjson

from benchmarks.processes import Finished, run


def bare_interpreter(environment: Mapping[str, str]) -> Finished:
    """Start this Python without site packages, and do nothing."""
    return run((sys.executable, "-I", "-S", "-c", "pass"), environment)


def parse_seconds(corpus: Path) -> float:
    """Parse every line of a corpus once and keep nothing."""
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": _checkout()}
    finished = run((sys.executable, "-m", __name__, str(corpus)), environment)
    return float(finished.stdout)


def _checkout() -> str:
    return str(Path(__file__).parent.parent)


def _parse(corpus: Path) -> float:
    parse, spent = orjson.loads, 0.0
    for path in sorted(corpus.rglob("*.jsonl")):
        lines = path.read_bytes().splitlines()
        started = perf_counter()
        for line in lines:
            parse(line)
        spent += perf_counter() - started
    return spent


if __name__ == "__main__":
    sys.stdout.write(f"{_parse(Path(sys.argv[1]))}\n")
