"""What the scripted model says while the bodies of requests are written down."""

from pathlib import Path

from tests.agents.rig.live_script import said
from tests.agents.rig.script import (
    COMPACTION,
    Answer,
    Call,
    Cut,
    Failure,
    Lane,
    Text,
    Thinking,
    answer,
)
from tests.agents.rig.story import bash, lanes

TWINS, TWIN = "tapirtwins", "tapirlooks"
"""A conversation that starts two sub-agents with the very same words, and those words."""

RETRIED, CUTTING, LIMITED = "lynxretried", "lynxcut", "lynxlimit"
RESUMED, AFTER, SHOWN = "heronresumed", "heronafter", "heronshown"
SUMMARY = "egretsummary"


def bodies_script(repository: Path) -> list[Lane]:
    """Return all lanes, as they go in a repository."""
    overloaded = Failure(529, "overloaded_error")
    return [
        Lane(COMPACTION, (answer(Text(f"<summary>{SUMMARY}: all is well.</summary>")),), True),
        *(said(word) for word in (RESUMED, AFTER, SHOWN)),
        *lanes(repository),
        Lane(TWIN, tuple(answer(Thinking(f"Look {n}."), bash("ls")) for n in range(2)) * 2),
        Lane(TWINS, (answer(_helper(), _helper()), answer(Text("Both have looked.")))),
        Lane(RETRIED, (overloaded, overloaded, answer(bash("true")), answer(Text("At last.")))),
        Lane(CUTTING, (Cut(answer(Text("Never whole."))), answer(Text("Whole.")))),
        Lane(LIMITED, (_limited(), answer(Text("And the rest.")))),
    ]


def _helper() -> Call:
    prompt = {"description": "Look", "prompt": f"{TWIN}: look around"}
    return Call("Agent", {**prompt, "subagent_type": "general-purpose"})


def _limited() -> Answer:
    return Answer((Text("Only half of"),), "max_tokens")
