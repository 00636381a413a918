"""What is said to a person who waits."""

from time import monotonic

from opentraces.entrypoints.cli.output import note_on_terminal

_SILENT_SECONDS = 0.5


class Told:
    """Tells a person who waits what is being done, once."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._since = monotonic()
        self._is_told = False

    def __call__(self, done: int = 0, total: int = 0) -> None:
        """Say it when it has lasted: `done` of `total` traces are done; 0 of 0: nobody knows."""
        if not self._is_told and monotonic() - self._since > _SILENT_SECONDS:
            self._is_told = True
            note_on_terminal(f"{self._what}: {total:,} traces …" if total else f"{self._what} …")
