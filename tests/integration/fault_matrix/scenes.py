"""What a user does, each with the place in which it is done."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson

from opentraces.entrypoints.cli import exit_codes
from tests.git_repositories import make_repository
from tests.integration.fault_matrix.place import DATA, Place
from tests.integration.repairing.harm import flipped
from tests.integration.repairing.kept_home import STORED, KeptHome
from tests.integration.repairing.test_reprojecting import OtherRelease

_RECORDED = b"/home/dev/.claude/projects"
"""Where the agent that left the fixtures kept its sessions."""

_LIVE = ("f7ec86ab-d4e8-4d9e-9d57-4f5e0926b590", "f9e71a6d-56e7-4aeb-b326-6f16b6e195d4")
"""A short session, and one with sub-agents."""

_LONG_AGO = 1_700_000_000


@dataclass(frozen=True)
class Scene:
    """One command, and what was there before it."""

    name: str
    prepare: Callable[[Place], None]
    arguments: tuple[str, ...]

    words: tuple[str, ...] = ("rates", "file", "agent")
    """What is searched for."""

    documents: tuple[str, ...] = ()
    """Patterns of files that are changed as a whole."""

    again: tuple[int, ...] = ()
    """With what else another run may end, once it was done."""

    refusals: tuple[int, ...] = ()
    """With what else it may end, when it says what it could not do."""

    folder: str = "."
    """Where it is typed."""

    may_leave: bool = False
    """Whether a document that it does not reach may wait for another run without a word."""

    otherwise: Callable[[Place], None] | None = None
    """Another way in which some of it may come to be. None: there is none."""

    derives: bool = False
    """Whether it only makes again what is derived."""


def _first(place: Place) -> None:
    place.take("edit_commit")
    place.take("subagent")


def _kept(place: Place) -> None:
    _first(place)
    place.json("import", "--all")
    assert list(place.bucket.rglob("trail.jsonl.gz")), "no session changed a file"


def _grown(place: Place) -> None:
    """The agent had written less when it was kept."""
    _first(place)
    whole = {path: path.read_bytes() for path in sorted(place.projects.rglob("*.jsonl"))}
    for path, data in whole.items():
        lines = data.splitlines(keepends=True)
        path.write_bytes(b"".join(lines[: len(lines) * 2 // 3]))
    place.json("import", "--all")
    assert list(place.bucket.rglob("trail.jsonl.gz")), "no session changed a file"
    for path, data in whole.items():
        path.write_bytes(data)


def _rewritten(place: Place) -> None:
    """The agent has written a file anew, and another has grown."""
    _grown(place)
    first = place.transcripts()[0]
    first.write_bytes(first.read_bytes().replace(b"the", b"THE"))


def _live(place: Place) -> None:
    """Hooks have written down what happened in some sessions."""
    _kept(place)
    place.take("live")
    spool = place.home / "spool" / "claude-code"
    spool.mkdir(parents=True)
    for told in (DATA / "live" / "spool" / "claude-code").iterdir():
        if told.stem in _LIVE:
            there = str(place.projects).encode()
            (spool / told.name).write_bytes(told.read_bytes().replace(_RECORDED, there))
        else:
            next(place.projects.glob(f"*/{told.name}")).unlink()


def _without_events(place: Place) -> None:
    """The sessions are kept, and what hooks wrote down of them still waits."""
    shutil.rmtree(place.home / "spool")
    place.json("import", "--all")


def _told_in_a_repository(place: Place) -> None:
    """Codex's hooks have written down, in a repository, what happened in a session."""
    place.take("edit_commit")
    place.json("import", "--all")
    recorded = DATA.parent / "codex-cli" / "edit"
    [rollout] = recorded.glob("rollout-*.jsonl")
    there = place.root / ".codex" / "sessions" / "2026" / "11" / "23" / rollout.name
    there.parent.mkdir(parents=True)
    there.write_bytes(rollout.read_bytes())
    payloads = map(orjson.loads, (recorded / "hooks.jsonl").read_bytes().splitlines())
    events = [each["payload"] | {"transcript_path": str(there)} for each in payloads]
    repository = make_repository(place.root / "widgets")
    enrolled = place.call("init", "--agent", "codex-cli", folder="widgets")
    assert enrolled.exit_code == 0, enrolled.output
    folder = repository / ".opentraces" / "codex-cli" / "hooks"
    folder.mkdir(parents=True)
    lines = (
        orjson.dumps({"opentraces": 1, "at": 10**18 + number, "event": event})
        for number, event in enumerate(events)
    )
    (folder / f"{rollout.stem[-36:]}.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def _without_sidecars(place: Place) -> None:
    """The session is kept, and what hooks wrote down of it still waits."""
    shutil.rmtree(place.root / "widgets")
    place.json("import", "--all")


def _litter(place: Place) -> None:
    """Something was deleted, a write was interrupted, and all of it long ago."""
    _kept(place)
    (place.home / "config.toml").write_text("[gc]\ngrace_days = 0\n")
    [kept, gone] = sorted((place.bucket / "traces" / "v1").glob("*/*"))
    blobs = {path.name: path.read_bytes() for path in (place.bucket / "blobs").rglob("*.zst")}
    place.json("trace", "delete", gone.name, "--yes")
    for name, data in blobs.items():
        lone = place.bucket / "blobs" / "v1" / name[:2] / name
        lone.parent.mkdir(exist_ok=True)
        lone.write_bytes(data)
    (kept / "steps.7.jsonl.gz").write_bytes(b"never committed")
    (place.bucket / "blobs" / "v1" / "0123456789abcdef.tmp").write_bytes(b"cut short")
    for path in place.bucket.rglob("*"):
        os.utime(path, (_LONG_AGO, _LONG_AGO))


def _old(place: Place) -> None:
    """The sessions ended before the time for which their files are to be kept."""
    _kept(place)
    settings = "[gc]\ngrace_days = 0\n[retention]\nkeep_raw_days = 1\n"
    (place.home / "config.toml").write_text(settings)


def _copied(place: Place) -> None:
    """A snapshot was taken, then one trace was deleted, and another kept."""
    _kept(place)
    place.json("bucket", "snapshot", "--to", str(place.root / "copy"))
    first = min((place.bucket / "traces" / "v1").glob("*/*"))
    place.json("trace", "delete", first.name, "--yes")
    place.take("resume")
    place.json("import", "--all")


def _damaged(place: Place) -> None:
    """A file of each trace is damaged; the agent has its own still."""
    _kept(place)
    folders = sorted((place.bucket / "traces" / "v1").glob("*/*"))
    for folder, name in zip(folders, ("source-0.zst", "trace.json"), strict=True):
        path = folder / name
        path.write_bytes(flipped(path.read_bytes(), 60))


def _stored(place: Place) -> None:
    """A bucket of which another release has read the sources otherwise."""
    shutil.copytree(STORED, place.bucket)
    home = KeptHome(place.home, parser=OtherRelease("steps"))
    assert home.repair(reproject=True).ok


def _without_index(place: Place) -> None:
    _kept(place)
    shutil.rmtree(place.home / "index")


def _with_repository(place: Place) -> None:
    _kept(place)
    make_repository(place.root / "work")


def _set_up(place: Place) -> None:
    """Hooks stand among settings of the user's own."""
    _kept(place)
    (place.root / ".claude" / "settings.json").write_text('{"model": "opus"}\n')
    place.json("setup", "claude-code")


_LITTER = (
    ".opentraces/bucket/blobs/v1/**/*",
    ".opentraces/bucket/traces/v1/*/*/steps.7.jsonl.gz",
)
_HOOKED = (".claude/settings.json", ".claude/hooks/opentraces/claude_code.py")
_SNAPSHOT = ("bucket", "snapshot", "--to", "{root}/copy", "--json")

SCENES = (
    Scene("import", _first, ("import", "--all", "--json")),
    Scene("import what grew", _grown, ("import", "--all", "--json")),
    Scene("import what was rewritten", _rewritten, ("import", "--all", "--json")),
    Scene("ingest", _live, ("ingest", "--json"), otherwise=_without_events),
    Scene(
        "ingest from a repository",
        _told_in_a_repository,
        ("ingest", "--json"),
        otherwise=_without_sidecars,
    ),
    Scene(
        "delete",
        _kept,
        ("trace", "delete", "c2e5e7cc", "--yes", "--json"),
        again=(exit_codes.NOT_FOUND,),
    ),
    Scene("gc", _litter, ("bucket", "gc", "--json"), documents=_LITTER, may_leave=True),
    Scene("gc of old files", _old, ("bucket", "gc", "--json")),
    Scene("snapshot", _kept, _SNAPSHOT, refusals=(exit_codes.CORRUPT,)),
    Scene("snapshot again", _copied, _SNAPSHOT, refusals=(exit_codes.CORRUPT,)),
    Scene("repair", _damaged, ("bucket", "repair", "--json"), refusals=(exit_codes.FOUND_WRONG,)),
    Scene(
        "reproject",
        _stored,
        ("bucket", "repair", "--reproject", "--json"),
        refusals=(exit_codes.FOUND_WRONG,),
    ),
    Scene("query, index lost", _without_index, ("trace", "query", "file", "--json"), derives=True),
    Scene(
        "restore",
        _kept,
        ("trace", "restore", "c2e5e7cc", "--to", "{root}/back", "--json"),
        documents=("back/**/[!.]*",),
    ),
    Scene(
        "init",
        _with_repository,
        ("init", "--json"),
        folder="work",
        documents=("work/.git/info/exclude",),
    ),
    Scene(
        "setup",
        _kept,
        ("setup", "claude-code", "--json"),
        documents=_HOOKED,
    ),
    Scene("uninstall", _set_up, ("uninstall", "--yes", "--json"), documents=_HOOKED),
)


def command(scene: Scene, place: Place) -> tuple[str, ...]:
    """Return what is typed."""
    return tuple(each.replace("{root}", str(place.root)) for each in scene.arguments)


def made(scene: Scene, root: Path) -> Place:
    """Make the place of a scene."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    place = Place(root)
    scene.prepare(place)
    return place
