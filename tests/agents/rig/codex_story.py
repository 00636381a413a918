"""What sessions of Codex are about, and what each must be kept as."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.agents.rig.codex_script import (
    COMPACTION,
    TITLE,
    Answer,
    Failure,
    Held,
    Lane,
    answer,
    asks,
    calls,
    runs,
    says,
    thinks,
    writes,
)

SHELL, EDIT, CODE, PLAN = "heronshell", "heronedit", "heroncode", "heronplan"
RESUMED, FORKED, TEAM, HELPER, PARENT = (
    "heronresumed",
    "heronforked",
    "heronteam",
    "egrethelper",
    "heronparent",
)
FAILING, COMPACTED, NEXT, ASKED = "lynxfails", "heronlong", "heronnext", "storkasked"
PATCHED, REFUSED = "storkpatched", "storkrefused"
INTERRUPTED, TERMINATED = "otterinterrupted", "otterterminated"
KILLED, LEFT, HELD = "otterkilled", "otterleft", "otterheld"
SUMMARY = "A table was looked at."

SCRIPTING = ("-m", "gpt-6.1-sol")
"""A model that calls its tools from scripts."""

PLANNING = ("-c", "tools.update_plan.enabled=true")
COMPACTING = ("-c", "model_auto_compact_token_limit=8000")

FREE = "free"
"""A file beside the repository: once it is there, no command of the script waits any more."""

FILES = {"rates.txt": "one 1\ntwo 3\n"}
MENDED = "*** Begin Patch\n*** Update File: rates.txt\n@@\n one 1\n-two 3\n+two 2\n*** End Patch\n"
ADDED = "*** Begin Patch\n*** Add File: notes.txt\n+Two is two.\n*** End Patch\n"
COMMIT = "git add -A && git commit -q -m 'Mend two' && git rev-parse HEAD"
STEPS = [{"step": "Look", "status": "completed"}, {"step": "Mend", "status": "in_progress"}]
OUTSIDE = "outside.txt"
BEYOND = f"*** Begin Patch\n*** Add File: ../{OUTSIDE}\n+It is outside.\n*** End Patch\n"
COMMAND, PATCH, SCRIPT = "exec_command", "apply_patch", "exec"
SPAWN, WAIT = "collaboration.spawn_agent", "collaboration.wait_agent"


@dataclass(frozen=True)
class Scene:
    """A session of one prompt, which the client brings to its end by itself."""

    word: str
    """Stands in the prompt, and in nothing else that is typed."""

    options: tuple[str, ...] = ()
    """What the client is told beside the prompt."""

    tools: tuple[str, ...] = ()
    """The tools that were called, in order."""

    answers: int = 0
    """How many responses the model gave."""

    code: int = 0
    """With which exit code the client ends."""

    @property
    def prompt(self) -> str:
        """What is typed."""
        return f"{self.word}: see to it"


SCENES: Sequence[Scene] = (
    Scene(SHELL, (), (COMMAND,) * 3, 3),
    Scene(EDIT, (), (PATCH, COMMAND), 3),
    Scene(CODE, SCRIPTING, (SCRIPT, PATCH, COMMAND), 2),
    Scene(PLAN, PLANNING, ("update_plan",), 2),
    Scene(TEAM, SCRIPTING, (SPAWN, WAIT), 3),
    Scene(FAILING, (), (COMMAND,), 1, code=1),
    Scene(COMPACTED, COMPACTING, (COMMAND,), 3),
)


def script_of(repository: Path) -> list[Lane]:
    """Return all that the model says."""
    return [
        Lane(COMPACTION, (answer(says(SUMMARY)),) * 4, is_own=True),
        Lane(PARENT, (*_DELEGATION, Held(answer(says(f"{PARENT} was said."))))),
        Lane(HELD, (Held(answer(says("It is not to end."))),)),
        Lane(TITLE, (answer(says("See to it")),) * 4, is_own=True),
        *(
            Lane(word, (answer(says(f"{word} was said.")),) * 20)
            for word in (RESUMED, FORKED, NEXT)
        ),
        *(Lane(word, _once(word) * 2) for word in _REPLIES),
        *(
            Lane(word, (answer(_waits(repository, word)),))
            for word in (INTERRUPTED, TERMINATED, KILLED, LEFT)
        ),
    ]


_DELEGATION = (
    answer(
        calls(
            "spawn_agent",
            "collaboration",
            task_name="reader",
            message=f"{HELPER}: read the table",
            fork_turns="none",
        )
    ),
    answer(calls("wait_agent", "collaboration", timeout_ms=20_000)),
)
_REPLIES: dict[str, tuple[Answer | Failure, ...]] = {
    SHELL: (
        answer(thinks("**Looking**"), says("I will look."), runs("cat rates.txt")),
        answer(runs("echo wombat"), runs("cat missing.txt")),
    ),
    EDIT: (answer(writes(PATCH, MENDED)), answer(runs(COMMIT))),
    CODE: (
        answer(
            writes(
                SCRIPT,
                f"text(await tools.apply_patch({ADDED!r}));\n"
                'const r = await tools.exec_command({cmd: "cat notes.txt"}); text(r.output);\n',
            )
        ),
    ),
    PLAN: (answer(thinks("**Two steps**"), calls("update_plan", plan=STEPS)),),
    TEAM: _DELEGATION,
    HELPER: (
        answer(
            writes(
                SCRIPT,
                'const r = await tools.exec_command({cmd: "cat rates.txt"}); text(r.output);',
            )
        ),
    ),
    FAILING: (answer(runs("echo before")), Failure(500), Failure(500), Failure(500)),
    ASKED: (answer(asks("touch allowed")),),
    PATCHED: (answer(writes(PATCH, BEYOND)),),
    REFUSED: (answer(asks("touch rejected")),),
    COMPACTED: (Answer((runs("echo large"),), input_tokens=9000),),
}


def _once(word: str) -> tuple[Answer | Failure, ...]:
    said = () if word == FAILING else (answer(says(f"{word} was said.")),)
    return (*_REPLIES[word], *said)


def _waits(repository: Path, word: str) -> dict[str, object]:
    """Return a command that says that it began, and waits to be set free."""
    begun, free = repository.parent / f"{word}.begun", repository.parent / FREE
    return dict(runs(f"touch {begun}; while [ ! -e {free} ]; do sleep 0.1; done"))
