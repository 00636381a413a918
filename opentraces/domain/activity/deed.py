"""The kinds of things that happen in a session."""

from enum import StrEnum
from typing import NamedTuple


class Deed(StrEnum):
    """What kind of thing a step does."""

    REQUEST = "request"
    """A person asks for something."""

    PLAN = "plan"
    """The model writes down what it will do."""

    READ = "read"
    """It looks at files."""

    SEARCH = "search"
    """It looks for something: in files, in folders, in Git, on the web."""

    EDIT = "edit"
    """It changes files."""

    TEST = "test"
    """It runs tests."""

    COMMIT = "commit"
    """It makes a commit."""

    COMMAND = "command"
    """It runs a command of another kind."""

    SUBAGENT = "subagent"
    """It has a helper do something."""

    COMPACTION = "compaction"
    """What the model saw so far is replaced by a summary."""

    FAILURE = "failure"
    """The model's service fails, or refuses."""

    TOOL = "tool"
    """It calls a tool of another kind."""

    WORDS = "words"
    """The model says something, and does nothing."""


class SuiteRun(NamedTuple):
    """What a run of tests said of itself. None of a number: it did not say."""

    framework: str
    """Whose words they are: `pytest`, `jest`, `go test`; of a run that said nothing, the program
    that was called."""

    passed: int | None = None
    """How many passed."""

    failed: int | None = None
    """How many failed, those with errors included."""

    skipped: int | None = None
    """How many were skipped, or are expected to fail."""

    is_good: bool | None = None
    """Whether it ended well. None: it does not show."""


class Answer(NamedTuple):
    """What came back from a call; a call may have several, one after the other."""

    text: str
    """As it was said; of a failure without words, why it failed."""

    is_failed: bool
    """Whether it tells of a failure."""


class Doing(NamedTuple):
    """One thing that a step does."""

    deed: Deed
    """What kind of thing."""

    what: str
    """On what, in a line or a few: a path, a command, the words of a request; as it was written."""

    files: tuple[str, ...] = ()
    """Paths that it names, as they were written."""

    is_failed: bool = False
    """Whether it failed."""

    test: SuiteRun | None = None
    """What a run of tests said. None: it is no such run."""

    call: str = ""
    """The id of the tool call; empty: it is none."""

    tool: str = ""
    """The tool that was called, as the agent names it; empty: it is no call."""

    is_shell: bool = False
    """Whether `what` is a command line that a shell ran."""

    given: tuple[tuple[str, str], ...] = ()
    """Of a call, what it was made with: names and values; one that is no text is JSON."""

    output: str = ""
    """What came back, as text."""

    answers: tuple[Answer, ...] = ()
    """What came back, piece by piece; empty: nothing did."""

    commit: str = ""
    """Of COMMIT: the id that Git printed, mostly cut short; empty: it printed none."""

    @property
    def asked(self) -> str:
        """Of a call, all that it was made with; empty: nothing."""
        return "\n".join(f"{name}: {value}" for name, value in self.given)

    @property
    def went_wrong(self) -> bool:
        """Whether it failed, or is a run of tests that did, even if the call went well.

        The status of `pytest | tail` is that of `tail`.
        """
        return self.is_failed or (self.test is not None and self.test.is_good is False)
