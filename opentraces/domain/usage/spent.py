"""What one response used, as the ledger books it. Plain: whoever asks for usage imports this."""

from typing import NamedTuple

from opentraces.domain.ids import StepKey, TraceId


class Tokens(NamedTuple):
    """Tokens, each counted in one class only."""

    input: int = 0
    """Prompt tokens computed anew, neither read from a cache nor written to one."""

    output: int = 0
    """Tokens the model wrote, its thinking included."""

    cache_read: int = 0
    """Prompt tokens the provider found in its cache."""

    cache_write_5m: int = 0
    """Prompt tokens written to the cache: for five minutes, or for how long is not said."""

    cache_write_1h: int = 0
    """Prompt tokens written to the cache for an hour."""

    def plus(self, other: "Tokens") -> "Tokens":
        """Add class by class; `Tokens()` is the zero."""
        return Tokens(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_write_5m + other.cache_write_5m,
            self.cache_write_1h + other.cache_write_1h,
        )

    @property
    def cache_write(self) -> int:
        """Prompt tokens written to the cache, for however long."""
        return self.cache_write_5m + self.cache_write_1h

    @property
    def total(self) -> int:
        """Tokens of all classes."""
        return sum(self)


NONE = Tokens()


class Spent(NamedTuple):
    """What the response of one step used."""

    step: int
    """The number of the step. Of two steps of a trace with one key, the first counts."""

    moment: int | None
    """When, in milliseconds since 1970. None: the agent wrote no time."""

    model: str | None
    """The model that answered. None: it is not named."""

    is_fast: bool
    """Whether it was asked for at the higher speed that some models have at a higher price."""

    tokens: Tokens
    """What it used."""

    cost_usd: float | None
    """What it cost in US dollars, as the agent wrote it. None: it did not."""

    message: StepKey | None = None
    """What the agent calls the message without its request. None: it has no such name."""

    is_aside: bool = False
    """Whether it is of a side question: then it counts only where no other step of its trace is
    the same message."""


class Beside(NamedTuple):
    """What calls of a model used that are no steps; one for each kind."""

    kind: str
    """What they were for: `compaction`, `branch_summary`, …"""

    calls: int
    """How many."""

    tokens: Tokens
    """What they used together."""

    cost_usd: float | None
    """What they cost in US dollars, as the agent wrote it. None: of one it did not."""


class Account(NamedTuple):
    """Whose the responses of a trace are."""

    trace: TraceId
    """The trace."""

    agent: str
    """Whose session."""

    project: str | None
    """The name of the folder it began in. None: not said."""

    folder: str | None
    """That folder, absolute. None: not said."""

    title: str | None
    """Its title. None: it has none."""

    ended: int | None
    """Its latest time, in milliseconds since 1970. None: no line has one."""

    beside: tuple[Beside, ...] = ()
    """What it spent beside its steps."""
