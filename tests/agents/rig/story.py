"""One session in which much happens, for the scripted model to tell."""

from pathlib import Path

from tests.agents.rig.script import Answer, Call, Lane, Text, Thinking, answer

MAIN, EDITOR, WRITER, LATE = "wombatstory", "quokkaedits", "quokkawrites", "quokkalate"
"""The conversation, two sub-agents that work at the same time, and one in the background."""

CLOSED = "narwhalclosed"
"""What the model says last before it hears of what ran in the background."""

TABLE, RATES, NOTES = "table.py", "rates.py", "notes.md"
BEFORE, AFTER = "ROW_7 = 7\n", "ROW_7 = 70\n"
NOTE = "# Notes\n\nThe rates are right.\n"
COMMIT = "Mend the table"


def files() -> dict[str, str]:
    """Return what is in the repository before: two files that a transcript does not repeat."""
    return {TABLE: rows(1_830), RATES: rows(800), "README.md": "# Rates\n"}


def rows(number: int) -> str:
    """Return so many lines, each of about 16 bytes, the one to be edited among them."""
    return "".join(f"ROW_{n} = {n}\n" for n in range(number))


def lanes(repository: Path) -> list[Lane]:
    """Return the story, as it goes in a repository."""
    return [
        Lane(EDITOR, (answer(meet("editor", "writer")), *_mending(repository / RATES))),
        Lane(WRITER, (answer(meet("writer", "editor")), *_noting(repository / NOTES))),
        Lane(LATE, (answer(bash("echo late")), answer(Text("It was late.")))),
        Lane(
            MAIN,
            (
                answer(
                    Thinking("Three things can be done at once."),
                    Text("I look first."),
                    Call("Read", {"file_path": str(repository / TABLE)}),
                    bash("echo seen"),
                    bash("echo broken >&2; exit 3"),
                ),
                answer(_edit(repository / TABLE)),
                answer(_agent(f"{EDITOR}: mend the rates"), _agent(f"{WRITER}: write notes")),
                answer(bash("seq 1 20000")),
                answer(bash(f"git add {TABLE} {RATES} {NOTES} && git commit -m '{COMMIT}'")),
                answer(bash("echo behind", run_in_background=True)),
                answer(_agent(f"{LATE}: come later", run_in_background=True)),
                answer(Text(f"All is done: {CLOSED}.")),
            ),
        ),
    ]


def bash(command: str, **more: bool) -> Call:
    """Return a call of the shell."""
    return Call("Bash", {"command": command, "description": "Run", **more})


def wait_for(file: str, made_first: str) -> Call:
    """Return a call that makes one file and then waits for another, 30 s at most.

    Both are beside the repository.
    """
    wait = f"for i in $(seq 600); do [ -e ../{file} ] && exit 0; sleep 0.05; done; exit 1"
    return bash(f"touch ../{made_first}; {wait}")


def meet(one: str, other: str) -> Call:
    """Return a call that ends only while the one that meets it runs, too."""
    return wait_for(f"{other}.met", f"{one}.met")


def _mending(file: Path) -> tuple[Answer, ...]:
    return (
        answer(Call("Read", {"file_path": str(file)})),
        answer(_edit(file)),
        answer(bash("false")),
        answer(Text("The rates are mended.")),
    )


def _noting(file: Path) -> tuple[Answer, ...]:
    written = Call("Write", {"file_path": str(file), "content": NOTE})
    return answer(written), answer(Text("The notes are written."))


def _edit(file: Path) -> Call:
    return Call("Edit", {"file_path": str(file), "old_string": BEFORE, "new_string": AFTER})


def _agent(prompt: str, **more: bool) -> Call:
    arguments = {"description": "Help", "prompt": prompt, "subagent_type": "general-purpose"}
    return Call("Agent", {**arguments, **more})
