"""Where a conversation stands: what the model would see if it were called now."""

from collections.abc import Iterable
from dataclasses import field, replace

from opentraces.adapters.pi.context.forms import Said, block
from opentraces.adapters.pi.context.marks import Calls, Mark
from opentraces.adapters.pi.context.places import Placed
from opentraces.adapters.pi.context.prompts import KNOWN, UNTOLD, Prompts
from opentraces.adapters.pi.context.rows import Row, Rows
from opentraces.adapters.pi.context.told import attached, unanswered
from opentraces.domain.context.blocks import Block, block_of
from opentraces.domain.context.growing import GrowingContext
from opentraces.domain.slotted import mutable_dataclass

TOO_DEEP = "too_deep"
"""The limitation of calls that see a block which is nested too deep to be written again."""


@mutable_dataclass
class Due:
    """What the model is told before anything but results is said."""

    calls: dict[str, None] = field(default_factory=dict)
    """Ids of calls of the last answer that have no result yet."""

    later: list[Block] = field(default_factory=list)
    """Images of its results, for a service that is told of them afterwards."""

    def asked(self, calls: Iterable[str]) -> None:
        """Begin with the calls of an answer."""
        self.calls = dict.fromkeys(calls)

    def given(self, call: str | None, later: Iterable[Block]) -> None:
        """Take what came of a call."""
        if call is not None:
            self.calls.pop(call, None)
        self.later += later

    def told(self, api: str) -> list[Block]:
        """Return what is due; then nothing is."""
        images = [block_of(*attached()), *self.later] if self.later else []
        missing = [block_of(*unanswered(call, api)) for call in self.calls]
        self.calls, self.later = {}, []
        return [*missing, *images]


@mutable_dataclass
class Standing:
    """One session's conversation between two lines, and what is needed to go back in it."""

    growing: GrowingContext = field(default_factory=GrowingContext)
    """The tree that is made."""

    leaf: int = -1
    """The entry after which it stands. -1: before the first."""

    mark: Mark = field(default_factory=Mark)
    """What else holds here."""

    due: Due = field(default_factory=Due)
    """What is told before the next thing."""

    state: list[str | None] = field(default_factory=list)
    """Model and thinking of the last call. Empty: there was none."""

    since: list[int] = field(default_factory=list)
    """Entries from the last answer on."""

    own: list[int] = field(default_factory=list)
    """How many blocks each entry brought; negative of one that took some away."""

    breaks: set[int] = field(default_factory=set)
    """Entries after which the blocks are not those of before, and more."""

    summed: tuple[int, list[Row]] | None = None
    """The last compaction, and the blocks that it left. None: there was none."""

    edits: dict[int, tuple[int, Row]] = field(default_factory=dict)
    """By entry: which other one it changed, and into what."""

    giants: list[int] = field(default_factory=list)
    """Entries that were too long to be read."""

    calls: Calls = field(default_factory=Calls)
    """Where the calls were."""

    rows: Rows = field(default_factory=Rows)
    """Blocks that may be listed anew."""

    prompts: Prompts = field(default_factory=Prompts)
    """The system prompt and the tools."""

    @property
    def is_later(self) -> bool:
        """Whether it is of a release that writes the system prompt down."""
        return self.mark.system is not None

    def say(self, said: list[Said], *, is_fixed: bool = False) -> None:
        """Let the last entry bring a message that is no result, be it empty."""
        due = self.due.told(self.mark.api)
        self.growing.waiting += due
        self.own[self.leaf] += len(due)
        self.put(Row(self.blocks(said), is_fixed=is_fixed))

    def give(self, said: list[Said], later: list[Said], call: str | None) -> None:
        """Let the last entry bring the result of a call."""
        row = Row(self.blocks(said), gives=call, later=self.blocks(later))
        self.due.given(call, row.later)
        self.put(row)

    def blocks(self, said: Iterable[Said]) -> list[Block]:
        """Return blocks, but for those that are nested too deep to be written again."""
        found = list(map(block, said))
        if None in found:
            self.hold(self.mark.lacking(TOO_DEEP))
        return [each for each in found if each is not None]

    def put(self, row: Row) -> None:
        """Let the last entry bring blocks."""
        self.growing.waiting += row.blocks
        self.own[self.leaf] += len(row.blocks)
        self.rows.add(self.leaf, row)

    def hold(self, mark: Mark) -> None:
        """Let something else hold from the last entry on."""
        if mark != self.mark:
            self.mark = mark
            self.calls.mark(self.leaf, mark)

    def prompt(self, message: Placed) -> None:
        """Let the system prompt or the tools be told, or told otherwise."""
        self.prompts.take(message)
        system, tools = self.prompts.tell(self.growing)
        mark = replace(self.mark, system=system, tools=tools)
        self.hold(mark.lacking(UNTOLD) if system is None and tools is None else mark)

    def pin(self) -> None:
        """Hold for ever the blocks of the entries that no call has seen yet."""
        for at in self.since:
            self.rows.pin(at)

    def mark_again(self, mark: Mark) -> None:
        """Let hold what held at another place."""
        if mark.system is None and mark.tools is None and UNTOLD not in mark.lacks:
            self.prompts.begin()
        elif (mark.system, mark.tools) != (self.mark.system, self.mark.tools):
            self.prompts.lose()
        growing = self.growing
        growing.forget("system")
        growing.forget("tool_registry")
        if mark.system is not None:
            growing.layer_again("system", mark.system, KNOWN)
        if mark.tools is not None:
            growing.layer_again("tool_registry", mark.tools, KNOWN)
        self.mark = mark if mark.api else replace(mark, api=self.mark.api)

    def replay(self, rows: Iterable[Row], api: str, before: Iterable[Row] = ()) -> list[Block]:
        """Return blocks of entries anew, in order; what is due after them is due now.

        `before`: those of entries above them, as far as something of theirs may be due.
        """
        self.due = Due()
        self._again(before, api)
        return self._again(rows, api)

    def _again(self, rows: Iterable[Row], api: str) -> list[Block]:
        blocks: list[Block] = []
        for row in rows:
            if row.is_gone:
                continue
            if row.gives is None:
                blocks += self.due.told(api)
            self.due.given(row.gives, row.later)
            blocks += row.blocks
            if row.asks:
                self.due.asked(row.asks)
        return blocks
