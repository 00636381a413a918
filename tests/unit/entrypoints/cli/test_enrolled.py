"""What is captured, as text and as JSON."""

from dataclasses import replace

import orjson
import pytest

from opentraces.application.enrol import Enrolled, Unenrolled
from opentraces.domain.enrolment import Checkout, Project, Seen
from opentraces.domain.setup import HooksFound
from opentraces.entrypoints.cli.begun import Begun
from opentraces.entrypoints.cli.documents.enrolled import begun_document, ended_document
from opentraces.entrypoints.cli.views.enrolled import begun_lines, ended_lines

WORKING = HooksFound("s", ("Stop",), interpreter_is_there=True, script_is_ours=True, is_for_us=True)
PROJECT = Project(
    "id", "widgets", None, None, ("claude-code", "other"), (Checkout("/w", "/w/.git", 1, 2),)
)
ENROLLED = Enrolled(PROJECT, Seen(PROJECT.checkouts), False, None, None)
AGAIN = "out of order, or for another home     → opentraces setup claude-code"


def texts(enrolled: Enrolled, hooks: HooksFound = WORKING, not_kept: int = 0) -> list[str]:
    begun = Begun(enrolled, {"claude-code": hooks}, None, not_kept)
    return ["".join(line) for line in begun_lines(begun)]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (WORKING, "installed"),
        (HooksFound("s"), "not installed yet     → opentraces setup claude-code"),
        (replace(WORKING, missing=("Stop",)), AGAIN),
        (replace(WORKING, interpreter_is_there=False), AGAIN),
        (replace(WORKING, script_is_ours=False), AGAIN),
        (replace(WORKING, is_for_us=False), AGAIN),
        (replace(WORKING, is_switched_off=True), "switched off in the agent's settings"),
        (HooksFound("s", problem="s: line 1"), "not known: s: line 1"),
    ],
)
def test_what_keeps_hooks_from_reaching_us_is_said(found: HooksFound, said: str) -> None:
    document = begun_document(Begun(ENROLLED, {"claude-code": found}, None, 1))

    assert texts(ENROLLED, found)[2] == f"Hooks     claude-code {said}"
    assert document["hooks"] == {"claude-code": found is WORKING}


def test_the_next_step_is_what_is_missing() -> None:
    assert texts(ENROLLED, not_kept=0)[-1] == "Next      opentraces status"
    assert texts(ENROLLED, not_kept=2)[-1].endswith("→ opentraces import")
    assert texts(ENROLLED, HooksFound("s"))[-1].endswith("→ opentraces setup claude-code")


@pytest.mark.parametrize(
    ("root", "remote", "no_root", "said"),
    [
        ("4f2a91c0" * 5, "github.com/a/b", None, "root 4f2a91c, github.com/a/b"),
        ("4f2a91c0" * 5, None, None, "root 4f2a91c"),
        (None, "github.com/a/b", "shallow", "github.com/a/b, root not known: shallow"),
        (None, None, "unborn", "root not known: unborn"),
    ],
)
def test_what_is_known_of_a_repository_is_said(
    root: str | None, remote: str | None, no_root: str | None, said: str
) -> None:
    project = replace(PROJECT, root_commit=root, remote=remote)
    enrolled = replace(ENROLLED, project=project, no_root=no_root)

    assert texts(enrolled)[0] == f"Enrolled  widgets  ({said})     .opentraces/ → .git/info/exclude"


def test_a_list_elsewhere_is_named_whole() -> None:
    seen = Seen((Checkout("/w", "/bare.git", 1, 2),))

    assert texts(replace(ENROLLED, seen=seen))[0].endswith(".opentraces/ → /bare.git/info/exclude")


def test_many_checkouts_are_counted() -> None:
    checkouts = tuple(Checkout(f"/w/{number}") for number in range(12))
    enrolled = replace(ENROLLED, project=replace(PROJECT, checkouts=checkouts))

    assert texts(enrolled)[11] == "          … and 2 more: --json lists all"


def test_what_stays_after_the_end_is_said() -> None:
    ended = Unenrolled(PROJECT, ("claude-code",), ("other",), ("/w/.git is not ours",))

    assert ["".join(line) for line in ended_lines(ended)] == [
        "Removed   widgets: claude-code is not captured any more",
        "          /w",
        "          .opentraces/ is still excluded: /w/.git is not ours",
        "Captured  other, as before",
        "Kept      what was kept stays     → opentraces trace query",
    ]
    assert ended_document(ended)["project"]["agents"] == ["other"]


@pytest.mark.parametrize("name", ["\udcff", "\ud800"], ids=["byte", "half"])  # noqa: PT014
def test_a_name_that_is_no_text_is_written_as_well_as_can_be(name: str) -> None:
    project = replace(PROJECT, name=name, remote=f"/{name}", checkouts=(Checkout(f"/{name}"),))
    begun = Begun(replace(ENROLLED, project=project, not_excluded=name), {}, None, 0)
    ended = Unenrolled(project, (), (), (name,))

    for document in (begun_document(begun), ended_document(ended)):
        assert "\ufffd" in orjson.dumps(document).decode()
