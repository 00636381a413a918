"""How many processes a commit starts, with our hooks and without."""

import orjson

from tests.integration.git_hooks.conftest import Opentraces, Place


def started(place: Place, *options: str) -> list[str]:
    """Commit, and return the hooks that Git ran; the processes of git itself are left out."""
    events = place.home / "events"
    events.unlink(missing_ok=True)
    place.git(
        "commit", "--quiet", "--allow-empty", "-m", "x", *options, GIT_TRACE2_EVENT=str(events)
    )
    said = [orjson.loads(line) for line in events.read_bytes().splitlines()]
    begun = [one for one in said if one["event"] == "child_start"]
    return [str(one.get("hook_name") or one["argv"][0]) for one in begun]


def test_a_commit_starts_one_process_more(place: Place, opentraces: Opentraces) -> None:
    opentraces("init")
    before = started(place)
    opentraces("setup", "git")
    after = started(place)

    assert sorted(after) == sorted([*before, "post-commit"])
    assert place.noted() == ["post-commit"]


def test_a_hook_runs_no_program(place: Place, opentraces: Opentraces) -> None:
    opentraces("init")
    opentraces("setup", "git")
    nothing = place.home / "nothing"
    nothing.mkdir()
    for name in ("post-commit", "post-rewrite"):
        script = place.hooks / name
        limited = f"#!/bin/sh\nPATH={nothing}\n"
        script.write_text(script.read_text().replace("#!/bin/sh\n", limited))
    old = place.head()
    place.commit("--amend")

    assert place.noted() == ["post-commit", f"post-rewrite {old} {place.head()}"]
