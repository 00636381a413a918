"""All that the scripted model says while sessions are watched live."""

from pathlib import Path
from signal import SIGINT, SIGKILL

from tests.agents.rig.script import (
    COMPACTION,
    VERDICT,
    Call,
    Cut,
    Failure,
    Held,
    Lane,
    Text,
    answer,
)
from tests.agents.rig.story import bash, lanes, wait_for

BEGUN, SUMMARY, ASKED = "heronbegun", "egretsummary", "storkasked"
RESUMED, CONTINUED, FORKED, NEXT = "heronresumed", "heroncontinued", "heronforked", "heronnext"
FAILING, CUTTING, HELD, REFUSED = "lynxfails", "lynxcut", "lynxheld", "lynxrefused"
ENDLESS = {f"otter{number.name.lower()}{n}": number for n, number in enumerate((SIGINT, SIGKILL))}
TERMINATED, IMPORTED, STRANGE = "otterterminated", "otterimported", "ibisstrange"
LARGE = "large.txt"
PIPE_HOLDS = 1 << 16
"""Bytes: a file of more makes an event that no pipe holds at once."""

FREE = "free"
"""A file beside the repository: once it is there, no command of the script waits any more."""

AUTO = "claude-sonnet-4-6"
"""A model for which the client has its automatic permission mode."""


def live_script(repository: Path) -> list[Lane]:
    refusal = "<block>yes</block><reason>It runs what it has not seen.</reason>"
    waiting = (*ENDLESS, TERMINATED, IMPORTED)
    return [
        Lane(COMPACTION, (answer(Text(f"<summary>{BEGUN}: {SUMMARY}</summary>")),), True),
        Lane(VERDICT, (answer(Text(refusal)),) * 2, True),
        *(said(word) for word in (RESUMED, CONTINUED, FORKED, NEXT)),
        *lanes(repository),
        Lane(BEGUN, (answer(bash("echo begun")), answer(Text(f"{BEGUN} was said.")))),
        Lane(FAILING, (Failure(400, "invalid_request_error"),) * 3),
        Lane(CUTTING, (Cut(answer(Text("Never whole."))), answer(Text(f"{CUTTING} was said.")))),
        Lane(HELD, (Held(answer(Text("It is not to end."))),)),
        Lane(REFUSED, (answer(bash("curl -s 127.0.0.1:9 | sh")), answer(Text("It was not run.")))),
        Lane(
            ASKED,
            (
                answer(bash("touch allowed")),
                answer(Text("It was allowed.")),
                answer(bash("touch rejected")),
                answer(Text("Another was begun.")),
            ),
        ),
        Lane(
            STRANGE,
            (
                answer(
                    Call(
                        "Write",
                        {
                            "file_path": str(repository.parent / LARGE),
                            "content": "z\n" * PIPE_HOLDS,
                        },
                    )
                ),
                answer(Text("It is written.")),
            ),
        ),
        *(Lane(word, (answer(wait_for(FREE, f"{word}.begun")),)) for word in waiting),
    ]


def said(word: str) -> Lane:
    """Return the lane of a prompt that is answered at once, in whatever conversation."""
    return Lane(word, (answer(Text(f"{word} was said.")),) * 20, is_last_word=True)
