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

    asked: str = ""
    """Of a call, all texts that it was made with."""

    output: str = ""
    """What came back, as text."""

    commit: str = ""
    """Of COMMIT: the id that Git printed, mostly cut short; empty: it printed none."""
