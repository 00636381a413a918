"""An agent whose configuration is a dict of files, with one line for each of our hooks."""

from collections.abc import Iterable
from dataclasses import replace

from opentraces.domain.errors import Busy, SettingsInvalid
from opentraces.domain.setup import FileChange, HooksFound, SetupPlan
from opentraces.ports.agent_setup import AgentSetup

SETTINGS = "/agent/settings"
"""Lines of UTF-8; ours are `ours`, event, Python and home, with tabs between them."""

SCRIPT = "/agent/hooks/script"
BACKUP = "/agent/hooks/before"
EVENTS = ("start", "stop")

_MARK = "ours\t"
_EMPTY = HooksFound(SETTINGS, missing=EVENTS, agent_is_there=True)


class MemoryAgentSetup(AgentSetup):
    """See AgentSetup."""

    def __init__(
        self,
        files: dict[str, bytes],
        python: str = "/usr/bin/python3",
        home: str = "/home/me/.opentraces",
        script: bytes = b"pass\n",
    ) -> None:
        """Set up the agent that reads `files`; they are changed in place."""
        self._files = files
        self._python = python
        self._home = home
        self._ours = script

    def install(self) -> SetupPlan:
        """See AgentSetup."""
        held = self._held()
        rest = _foreign(held)
        ours = (f"{_MARK}{event}\t{self._python}\t{self._home}\n" for event in EVENTS)
        before = self._files.get(SETTINGS if rest == held else BACKUP)
        return self._plan(
            (BACKUP, before), (SCRIPT, self._ours), (SETTINGS, "".join([*rest, *ours]).encode())
        )

    def remove(self) -> SetupPlan:
        """See AgentSetup."""
        rest = "".join(_foreign(self._held())).encode()
        is_to_go = not rest and BACKUP not in self._files
        return self._plan((SETTINGS, None if is_to_go else rest), (SCRIPT, None), (BACKUP, None))

    def apply(self, plan: SetupPlan) -> None:
        """See AgentSetup."""
        for change in plan.changes:
            if self._files.get(change.path) != change.before:
                raise Busy(f"{change.path} has changed meanwhile")
        for change in plan.changes:
            if change.after is None:
                del self._files[change.path]
            else:
                self._files[change.path] = change.after

    def inspect(self) -> HooksFound:
        """See AgentSetup."""
        try:
            held = self._held()
        except SettingsInvalid as error:
            return replace(_EMPTY, problem=str(error))
        ours = [line.rstrip("\n").split("\t") for line in held if line.startswith(_MARK)]
        if not ours:
            return _EMPTY
        _, _, python, home = ours[0]
        events = tuple(dict.fromkeys(event for _, event, _, _ in ours))
        return replace(
            _EMPTY,
            events=events,
            missing=tuple(event for event in EVENTS if event not in events),
            interpreter=python,
            interpreter_is_there=True,
            script=SCRIPT,
            script_is_ours=self._files.get(SCRIPT) == self._ours,
            home=home,
            is_for_us=all(one[2:] == [self._python, self._home] for one in ours),
            backup=BACKUP if BACKUP in self._files else None,
        )

    def _held(self) -> list[str]:
        try:
            return self._files.get(SETTINGS, b"").decode().splitlines(keepends=True)
        except UnicodeDecodeError as error:
            raise SettingsInvalid(f"{SETTINGS}: byte {error.start}: not UTF-8") from error

    def _plan(self, *wanted: tuple[str, bytes | None]) -> SetupPlan:
        changes = (
            FileChange(path, self._files.get(path), after, is_shared=path == SETTINGS)
            for path, after in wanted
        )
        return SetupPlan(tuple(one for one in changes if one.before != one.after))


def _foreign(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if not line.startswith(_MARK)]
