"""What a command ends with; docs/cli.md holds the same table. Read before click, so plain."""

DONE = 0
FOUND_WRONG = 1
BAD_REQUEST = 2
NOT_FOUND = 3
CORRUPT = 4
UNAVAILABLE = 5
UNREADABLE = 6
INTERRUPTED = 130
PIPE_CLOSED = 141

MEANINGS = {
    DONE: "done",
    FOUND_WRONG: "a check found something wrong",
    BAD_REQUEST: "the request cannot be understood, or config.toml or an agent's settings cannot",
    NOT_FOUND: "nothing is kept under that name",
    CORRUPT: "stored bytes are damaged",
    UNAVAILABLE: "the disk refused, another process has it, or a later release made it",
    UNREADABLE: "a session, or a repository, cannot be read; for an import: not one could be",
    INTERRUPTED: "interrupted; what was kept before stays",
    PIPE_CLOSED: "whoever read the output went away",
}
