"""Our hooks in an agent's configuration: what is there, and what a setup would change."""

from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class HookPoint:
    """One event at which an agent is to run our script."""

    event: str
    """The agent's own name for it."""

    timeout_s: int
    """After so many seconds the agent gives the hook up; the script itself waits for less."""

    matcher: str | None = None
    """For which tools, in the agent's own terms. None: for whatever happens."""


@frozen_dataclass
class AgentHooks:
    """What one agent lets its users say of hooks, and what we say there."""

    settings: str
    """The name of the file that names them, in the agent's folder."""

    script: str
    """The name of our script."""

    points: tuple[HookPoint, ...]
    """The events at which it runs."""

    trusted_by: str | None = None
    """What a user does to make the agent run a hook, in words. None: it runs them unasked."""

    switch: str | None = None
    """The key by which the file says that no hook runs. None: it has none."""

    root_keys: frozenset[str] | None = None
    """All keys that may stand outermost: the agent ignores a file with another one, with one twice,
    and with a byte order mark. None: it takes any."""

    @property
    def events(self) -> tuple[str, ...]:
        """The names of the events."""
        return tuple(point.event for point in self.points)

    @property
    def backup(self) -> str:
        """The name under which the file is kept as it was before anything of ours."""
        return self.settings.replace(".json", ".before.json")


@frozen_dataclass
class AgentPackage:
    """What an agent loads as a package, and how it is told to."""

    settings: str
    """The name of the file that lists packages, in the agent's folder."""

    key: str
    """Under which it lists them."""

    program: str
    """The agent's own command, which changes the list."""

    name: str
    """Of our package."""

    script: str
    """Of its files the one that the agent runs, relative, with `/`."""

    events: tuple[str, ...]
    """The events at which it runs."""


@frozen_dataclass
class FileChange:
    """One file that a setup writes or removes."""

    path: str
    """Absolute; of a link, the file it leads to."""

    before: bytes | None
    """As it is. None: there is none."""

    after: bytes | None
    """As it will be. None: it will be gone."""

    is_shared: bool = False
    """Whether it is a file of the agent's that holds other things too; else it is ours alone."""


@frozen_dataclass
class SetupPlan:
    """Every file that a setup, or its removal, touches; empty: nothing is to be done."""

    changes: tuple[FileChange, ...]
    """In the order in which they are made: whatever interrupts them leaves no agent broken."""


@frozen_dataclass
class HooksFound:
    """What of our hooks is installed for one agent."""

    settings: str
    """The agent's file that names them, absolute."""

    events: tuple[str, ...] = ()
    """Events at which one of ours runs, in the order of the file; empty: not installed."""

    missing: tuple[str, ...] = ()
    """Events at which ours should run and does not; all of them, where none is installed."""

    interpreter: str | None = None
    """The Python that runs them, absolute. None: not installed, or their command says none."""

    interpreter_is_there: bool = False
    """Whether that Python is there and may be run."""

    script: str | None = None
    """The script they run, absolute. None: not installed, or their command says none."""

    script_is_ours: bool = False
    """Whether the script is there, and is that of this release, byte for byte."""

    home: str | None = None
    """The folder they write to, absolute. None: not installed, or their command says none."""

    is_for_us: bool = False
    """Whether this Python and this home are the ones that all of them name."""

    agent_is_there: bool = False
    """Whether the agent's folder is there: without it, nobody has used the agent."""

    trusted_by: str | None = None
    """What a user does to make the agent run a hook, in words. None: it runs them unasked."""

    is_switched_off: bool = False
    """Whether the settings tell the agent to run no hooks at all, ours or others'."""

    backup: str | None = None
    """The settings as they were before any of ours, absolute. None: none is kept."""

    obstacles: tuple[str, ...] = ()
    """Files and folders that ours are not put into, each with the reason, in words."""

    shadowed_by: str | None = None
    """The folder that is looked into for hooks, absolute, when ours are in another one and so are
    never run. None: they are where they are run."""

    problem: str | None = None
    """Why nothing could be said: the settings cannot be read. None: they could."""

    @property
    def is_installed(self) -> bool:
        """Whether any event runs one of ours."""
        return bool(self.events)


@frozen_dataclass
class HooksTrusted:
    """What an agent says of our hooks, where its user has to trust each before it runs."""

    trusted: tuple[str, ...] = ()
    """Events at which ours runs, in the agent's order."""

    untrusted: tuple[str, ...] = ()
    """Events at which ours is skipped, because the user has not said a word of it."""

    modified: tuple[str, ...] = ()
    """Events at which ours is skipped, because it changed since the user trusted it."""

    disabled: tuple[str, ...] = ()
    """Events at which ours is skipped, because the user switched it off."""

    complaints: tuple[str, ...] = ()
    """What the agent finds wrong with its files of hooks, in its own words."""

    problem: str | None = None
    """Why the agent could not be asked. None: it answered."""
