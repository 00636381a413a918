"""What people do with the commit of an agent, and what its files hold then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.agents.rig.trail_live import Worked
from tests.agents.rig.trail_story import ELSE, LEFT, PERSON, RATES, SUBJECT, Files, with_line

AMENDED = f"{SUBJECT}, and say so"
THEIRS = "theirs"
"""The branch of somebody else."""

_OF_A_PERSON, _OF_ANOTHER_COMMIT = "human_rate = 5", "visitor_rate = 6"
_OF_SOMEBODY_ELSE = "# Checked by somebody else"
_WITH_OWN = with_line(LEFT, _OF_A_PERSON, PERSON, "koala_rate = 20")
_REBASED = with_line(_WITH_OWN, _OF_SOMEBODY_ELSE, ELSE, "")
_SQUASHED = with_line(_REBASED, _OF_ANOTHER_COMMIT, PERSON, "script_rate = 99")


@dataclass(frozen=True)
class Moment:
    """Something that was done."""

    name: str
    act: Callable[[Worked], None]
    files: Files
    """What is there then."""


def _nothing(_: Worked) -> None:
    """Leave all as it is."""


def _amend_message(worked: Worked) -> None:
    worked.git("commit", "--quiet", "--amend", "--message", AMENDED)


def _amend_with_own_line(worked: Worked) -> None:
    """Write a line between two of the agent's, and take up what it left uncommitted."""
    _write(worked, "numbat_rate", f"{_OF_A_PERSON}\nnumbat_rate")
    worked.git("commit", "--quiet", "--all", "--amend", "--no-edit")


def _rebase(worked: Worked) -> None:
    """Put the commit on one that somebody else made meanwhile."""
    worked.git("checkout", "--quiet", "-b", THEIRS, "main~1")
    _write(worked, "# Rates", f"{_OF_SOMEBODY_ELSE}\n# Rates")
    worked.git("commit", "--quiet", "--all", "--message", "Check", who="Else")
    worked.git("checkout", "--quiet", "main")
    worked.git("rebase", "--quiet", THEIRS)


def _squash(worked: Worked) -> None:
    """Make another commit, and one of both."""
    _write(worked, "script_rate = 99\n", f"script_rate = 99\n{_OF_ANOTHER_COMMIT}\n")
    worked.git("commit", "--quiet", "--all", "--message", "Count visitors")
    edit = {"GIT_SEQUENCE_EDITOR": "sed -i 2s/pick/squash/"}
    worked.git("rebase", "--quiet", "--interactive", THEIRS, **edit)


def _write(worked: Worked, old: str, new: str) -> None:
    path = worked.repository / RATES
    before = path.read_text()
    assert before.count(old) == 1
    path.write_text(before.replace(old, new))


MOMENTS: Sequence[Moment] = (
    Moment("committed", _nothing, LEFT),
    Moment("amended", _amend_message, LEFT),
    Moment("amended with a line", _amend_with_own_line, _WITH_OWN),
    Moment("rebased", _rebase, _REBASED),
    Moment("squashed", _squash, _SQUASHED),
)
"""In order; each goes on from what the one before left."""
