"""Processes that write notes at once, and what must be true of what they wrote."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from opentraces.domain.ids import TraceId
from tests.contracts.samples import named
from tests.integration.adapters.filesystem import note_scribe
from tests.integration.adapters.filesystem.kept import KeptTrace
from tests.integration.adapters.filesystem.note_scribe import NOTES, line

ROOT = Path(__file__).parents[4]
SHARED = named("shared")
_ROUNDS = 40


class Scribes:
    """Three of them, each with a trace of its own, and one that all write to."""

    def __init__(self, home: Path) -> None:
        """Let them write to a home."""
        self._program = (sys.executable, "-m", note_scribe.__name__, str(home), str(_ROUNDS))
        self.own: dict[TraceId, int] = {}
        """How many steps each trace of its own has; known at the end."""
        self.committed: set[str] = set()
        """Digests of all envelopes that were committed; known at the end."""

    def __enter__(self) -> "Scribes":
        self._processes = [
            subprocess.Popen(
                [*self._program, str(seed), named(f"own {seed}"), SHARED],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            for seed in range(3)
        ]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()

    @property
    def are_writing(self) -> bool:
        """Whether any is at it still; once none is, what they did is known."""
        if any(process.poll() is None for process in self._processes):
            return True
        for seed, process in enumerate(self._processes):
            said, _ = process.communicate()
            assert process.returncode == 0
            counts, committed = json.loads(said)
            self.own[named(f"own {seed}")] = counts[0]
            self.committed |= set(committed)
        return False


def assert_whole(kept: dict[TraceId, KeptTrace], *traces: TraceId) -> None:
    """Compare what is kept with what the scribes write: a line for each step, and a note."""
    for trace in traces:
        lines, note = kept[trace].sources
        assert lines == b"".join(line(number + 1) for number in range(len(kept[trace].steps)))
        assert note in NOTES
