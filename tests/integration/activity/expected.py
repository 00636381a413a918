"""What happens in real sessions, written down by hand from their own lines.

Of each burst: its steps, what it is called after, why it begins, what it is for, the last parts of
the paths that it names, what it changed, the runs of tests in it, how much of it failed.
"""

from typing import Any


def burst(steps: tuple[int, int], kind: str, intent: str, **more: Any) -> dict[str, Any]:
    """Write one down; `changed`: a file, a space, the step, for each patch."""
    changed = more.get("changed", "")
    return {
        "steps": list(steps),
        "kind": kind,
        "begins": more.get("begins", "request"),
        "intent": intent,
        "files": sorted(more.get("files", "").split()),
        "changed": sorted(changed.split(", ")) if changed else [],
        "failed": more.get("failed", 0),
    }


CLAUDE_CODE: dict[str, list[dict[str, Any]]] = {
    # One request, from looking to the commit; a denied search twice, a plan that is not allowed,
    # an edit that does not match, a write before reading, a command that ends with 3.
    "afc0be94-d3d5-4c5a-951b-c0815f74cb07": [
        burst(
            (1, 14),
            "edit",
            "TASK-MAIN fix the sub function, add a test and commit",
            begins="start",
            files="calc.py edit-commit test_calc.py README.md",
            changed="calc.py 4, test_calc.py 5, README.md 10",
            failed=6,
        )
    ],
    # Two helpers at once, one in the background.
    "07503f3c-b998-4e22-a111-08c7ee93f6bc": [
        burst(
            (1, 21),
            "edit",
            "TASK-MAIN use subagents to inspect the project",
            begins="start",
            files="calc.py NOTES.md",
            changed="NOTES.md 7",
        )
    ],
    # Three requests, then a compaction that was typed, then another one.
    "PART1": [
        burst((1, 3), "read", "PART1 read calc", begins="start", files="calc.py"),
        burst((4, 6), "edit", "PART2 fix sub", files="calc.py", changed="calc.py 5"),
        burst((7, 11), "words", "PART3 say something"),
        burst((12, 15), "words", "/compact keep file names"),
        burst((16, 17), "words", "PART5 go on after compaction"),
    ],
    "P-ACCEPT": [
        burst((1, 4), "edit", "P-ACCEPT go", begins="start", files="x.txt", changed="x.txt 2")
    ],
    "P-DONTASK": [burst((1, 4), "edit", "P-DONTASK go", begins="start", files="x.txt", failed=2)],
    "T-BAD": [burst((1, 2), "failure", "T-BAD go", begins="start", failed=1)],
}

CODEX: dict[str, list[dict[str, Any]]] = {
    "01a206c1-7c5e-7b13-bf9d-4bc85da526ae": [
        burst(
            (1, 13),
            "edit",
            "Fix add and add a test, then commit",
            begins="start",
            files="calc.py test_calc.py notes.txt does_not_exist.txt nope.py",
            changed="calc.py 8, test_calc.py 8, notes.txt 8, test_calc.py 10",
            failed=2,
        )
    ],
    # A script of the model that calls tools: they count, the script does not; one that throws does.
    "01a206d4-4e5b-7552-883a-2c815b42e766": [
        burst(
            (1, 14),
            "edit",
            "Fix add and commit",
            begins="start",
            files="calc.py test_calc.py missing.txt",
            changed="calc.py 11, test_calc.py 11",
            failed=2,
        )
    ],
    "01a206e5-796b-7392-9c25-cb7bb43b69b2": [
        burst(
            (1, 12),
            "edit",
            "Plan and write docs",
            begins="start",
            files="guide.md nope.png",
            changed="guide.md 10",
            failed=3,
        )
    ],
    "01a206d5-23ba-7b62-9628-9174cca30040": [
        burst((1, 11), "command", "Do the big thing", begins="start")
    ],
    "01a206d5-2385-7193-a9a7-a530ce03c8d5": [
        burst((1, 13), "subagent", "PARENT_TASK_MARK_1: delegate reading", begins="start")
    ],
    # A helper's own thread: nobody asked it for anything that can be read.
    "01a206d5-2960-7723-8d4d-e96443abdf6b": [
        burst((1, 11), "read", "notes.txt says: old notes", begins="start", files="notes.txt")
    ],
}

PI: dict[str, list[dict[str, Any]]] = {
    "01a206ce-730e-751b-ad81-6d6fa444272d": [
        burst(
            (1, 8),
            "edit",
            "EDIT-TASK: add a farewell function, test it and commit",
            begins="start",
            files="greet.py test_greet.py",
            changed="greet.py 4, test_greet.py 5",
            failed=2,
        ),
        burst(
            (9, 11),
            "edit",
            "CONTINUE-TASK: add a docstring",
            files="greet.py",
            changed="greet.py 10",
        ),
    ],
    # Two branches that were left, and what came of going back.
    "01a206ce-892b-7093-9a09-da68694bb212": [
        burst((1, 3), "words", "ASK-COLOR: which colour?", begins="start"),
        burst((4, 6), "edit", "BRANCH-A: write a.txt", files="a.txt", changed="a.txt 5"),
        burst((7, 10), "edit", "BRANCH-B: write b.txt", files="b.txt", changed="b.txt 8"),
        burst((11, 16), "words", "BRANCH-C: third"),
        burst((17, 18), "words", "ASK-COLOR: again, after inject"),
        burst((19, 20), "words", "BRANCH-C: after a navigation that wrote nothing"),
    ],
    "01a206cf-4826-75cc-acbf-5a4a6149ec58": [
        burst(
            (1, 9),
            "edit",
            "EDIT-TASK: edit and commit",
            begins="start",
            files="greet.py test_greet.py",
            changed="greet.py 4, test_greet.py 5",
            failed=2,
        ),
        burst(
            (10, 12),
            "edit",
            "CONTINUE-TASK: after compaction",
            files="greet.py",
            changed="greet.py 11",
        ),
        burst((13, 15), "words", "HUGE-TASK: force the threshold"),
        burst((16, 17), "words", "ASK-COLOR: after auto compaction"),
    ],
    "01a206ce-cf6d-73cb-b7f5-c57ed4d3705f": [
        burst((1, 6), "failure", "RETRY-TASK: go", begins="start", failed=4)
    ],
}
