"""What sessions of Pi are about, and all that the model says in them."""

from collections.abc import Sequence
from pathlib import Path

from tests.agents.rig.script import (
    Answer,
    Call,
    Failure,
    Held,
    Lane,
    Reply,
    Text,
    Thinking,
    answer,
)

WORK, GONE_ON = "wombatwork", "wombatagain"
ROOT, LEFT, RIGHT, LAST = "possumroot", "possumleft", "possumright", "possumlast"
FORKED, FORKED_WITHIN = "quollfork", "quollwithin"
TERMINATED, INTERRUPTED, KILLED, IMPORTED = "numbatterm", "numbatint", "numbatkill", "numbatimport"
FAILING, LONG, SHORTER = "bilbyfails", "bettonglong", "bettongshorter"
FAULTY, UNHEARD, ABANDONED = "dibblerfaulty", "dibblerunheard", "quokkaabandoned"

FREE = "free"
"""A file beside the repository: once it is there, no command of the script waits any more."""

FILES = {"rates.txt": "one 1\ntwo 3\n"}
EDIT = {"path": "rates.txt", "edits": [{"oldText": "two 3", "newText": "two 2"}]}
NOTE = {"path": "notes.txt", "content": "Two is two.\n"}
COMMIT = "git add -A && git commit -q -m 'Mend two' && git rev-parse HEAD"
SUMMARY = "A table was looked at."
_SHORTENING = ("Create a structured", "## Original Request")
"""What the client asks with for a summary: of a branch or a conversation, or of part of a turn."""

COMMANDS = """
const texts = (entry) => JSON.stringify(entry.message?.content ?? "");
const asked = (context, word) =>
  context.sessionManager
    .getEntries()
    .find((entry) => entry.message?.role === "user" && texts(entry).includes(word)).id;
export default function (pi) {
  const command = (name, handler) => pi.registerCommand(name, { description: name, handler });
  command("go", async (said, context) => {
    const [word, how] = said.split(" ");
    await context.navigateTree(asked(context, word), { summarize: how === "summarize" });
  });
  command("branch", async (said, context) => {
    const [word, ...prompt] = said.split(" ");
    const withSession = async (next) => next.sendUserMessage(prompt.join(" "));
    await context.fork(asked(context, word), { position: "before", withSession });
  });
  command("shorten", (said, context) =>
    new Promise((done, fail) => context.compact({ onComplete: () => done(), onError: fail })));
}
"""
"""An extension of the user's, whose commands do what the client has keys for."""

THROWING = """
const told = ["session_start", "context", "tool_call", "turn_end", "agent_end", "session_shutdown"];
export default function (pi) {
  for (const name of told) pi.on(name, () => { throw new Error("faulty"); });
}
"""
"""An extension of the user's that fails at whatever it is told."""


def script_of(repository: Path) -> Sequence[Lane]:
    """Return all that the model says."""
    waiting = (TERMINATED, INTERRUPTED, KILLED, IMPORTED)
    return [
        *(Lane(word, (answer(Text(SUMMARY)),) * 9, is_last_word=True) for word in _SHORTENING),
        *(Lane(word, replies) for word, replies in _REPLIES.items()),
        *(Lane(word, (_waits(repository, word),)) for word in waiting),
        Lane(UNHEARD, (_said(UNHEARD),)),
    ]


def _said(word: str) -> Answer:
    return answer(Text(f"{word} was said."))


_REPLIES: dict[str, tuple[Reply, ...]] = {
    WORK: (
        answer(
            Thinking("First the table."),
            Text("I will mend it."),
            Call("read", {"path": "rates.txt"}),
            Call("edit", EDIT),
        ),
        answer(Call("bash", {"command": "cat missing.txt"})),
        answer(Call("bash", {"command": COMMIT})),
        _said(WORK),
        _said(GONE_ON),
    ),
    ROOT: (
        _said(ROOT),
        answer(Call("write", NOTE)),
        _said(LEFT),
        _said(RIGHT),
        _said(LAST),
        _said(FORKED),
        _said(FORKED_WITHIN),
    ),
    FAILING: (
        answer(Call("bash", {"command": "echo before"})),
        Failure(400, "invalid_request_error"),
    ),
    LONG: (answer(Call("bash", {"command": "seq 300"})), _said(LONG)),
    SHORTER: (_said(SHORTER),),
    FAULTY: (answer(Call("bash", {"command": "echo refused"})), _said(FAULTY)),
    ABANDONED: (Held(answer(Text("It is not to end."))),),
}


def _waits(repository: Path, word: str) -> Answer:
    """Return a call of a command that says that it began, and waits to be set free."""
    begun, free = repository.parent / f"{word}.begun", repository.parent / FREE
    loop = f"touch {begun}; while [ ! -e {free} ]; do sleep 0.1; done"
    return answer(Call("bash", {"command": loop}))
