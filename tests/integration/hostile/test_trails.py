"""Questions about trails in a repository that somebody prepared.

Nothing of it runs, nothing is written into it, and nothing leaks; each ends with an answer or an
error of ours.
"""

import hashlib
import os
from pathlib import Path

import pytest
from click.testing import Result

from opentraces.domain.trail.history import MOST_BYTES
from tests.git_repositories import program
from tests.hostile_repositories import make_hostile
from tests.integration.cli.conftest import Call
from tests.integration.hostile.test_terminal import OBEYED, harmful
from tests.integration.trail.scenarios.told import functions
from tests.integration.trail.scenarios.world import Checkout, World

LEAKED = "secret words of another user"
ODD = f"-rf \n\x1b]0;evil\x07\x9b31m {OBEYED[:12]}".replace("/", "") + ".py"

Answers = dict[tuple[str, ...], Result]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(f"{LEAKED}\n" * 3)
    return tmp_path.resolve()


@pytest.fixture
def world(home: Path) -> World:
    return World(home.resolve())


@pytest.fixture
def app(world: World) -> Checkout:
    """A repository with a session's commit, a person's commit, and an edit that is in none."""
    made = world.repository()
    agent = world.agent(made)
    agent.adds("a.py", functions("second"))
    made.commit("second")
    made.add("a.py", functions("typed"))
    made.commit("typed")
    agent.adds("a.py", functions("third"))
    agent.session.end()
    return made


def ask(
    call: Call, world: World, app: Checkout, monkeypatch: pytest.MonkeyPatch, *files: str
) -> Answers:
    """Import, and ask all that can be asked of trails, about some files more."""
    monkeypatch.chdir(app.folder)
    said: Answers = {("import",): call("import", "--all")}
    named = [("blame", f"./{file}") for file in ("a.py", *files)]
    traces = list(world.names())
    for asked in (
        *(("status",), ("graph",), ("pr", "HEAD"), ("blame", "HEAD"), ("show", traces[0])),
        *(("show", f"{traces[0]}:2"), *named, ("status",)),
    ):
        for form in ((), ("--json",)):
            said[(*asked, *form)] = call("trail", *asked, *form)
    for result in said.values():
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.exit_code == 0 or result.stderr.strip()
        assert LEAKED not in result.output
    return said


def all_below(folder: Path) -> dict[str, tuple[object, ...]]:
    """Return of everything below a folder what it is, what it holds and when it was changed."""
    found: dict[str, tuple[object, ...]] = {}
    for each in (folder, *folder.rglob("*")):
        state = each.lstat()
        held = str(each.readlink()) if each.is_symlink() else ""
        if each.is_file() and not each.is_symlink():
            held = hashlib.sha256(each.read_bytes()).hexdigest()
        found[str(each)] = (state.st_mode, state.st_mtime_ns, state.st_size, held)
    return found


@pytest.mark.parametrize("everything", [False, True], ids=["library", "command"])
def test_nothing_runs_and_nothing_is_written(
    everything: bool,
    call: Call,
    world: World,
    app: Checkout,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_hostile(app.folder, place, everything=everything)
    program(app.folder, "git", f"/bin/touch {place}/touched")
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}:")
    before = all_below(app.folder)

    said = ask(call, world, app, monkeypatch)

    assert all_below(app.folder) == before
    assert not (place / "touched").exists()
    assert {result.exit_code for result in said.values()} == {0}
    assert "1 anchored · 1 pending" in said[("status",)].stdout


def test_the_repository_would_run_something(
    app: Checkout, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the test above could not fail."""
    make_hostile(app.folder, place, everything=True)
    before = all_below(app.folder)

    app.git("blame", "a.py", ok=False)
    app.git("status", ok=False)

    assert (place / "touched").exists()
    assert all_below(app.folder) != before


def test_what_a_partial_clone_lacks_is_not_fetched(
    call: Call, world: World, app: Checkout, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.git("config", "uploadpack.allowFilter", "true")
    part = world.checkout("part")
    partly = ("--quiet", "--filter=blob:none", "--no-checkout")
    app.git("clone", *partly, app.folder.as_uri(), str(part.folder))
    canary = program(place / "evil", "canary", f"/bin/touch {place}/touched")
    part.git("config", "remote.origin.uploadpack", f"{canary}/canary")
    part.write("a.py", app.read("a.py"))
    before = all_below(part.folder)

    said = ask(call, world, part, monkeypatch)

    assert not (place / "touched").exists()
    assert all_below(part.folder) == before
    assert said[("status",)].exit_code == 0
    part.git("cat-file", "-p", "HEAD:a.py", ok=False)
    assert (place / "touched").exists()


@pytest.mark.parametrize(
    "name", ["HEAD", "config", "index", "packed-refs", "refs/heads/main", "logs/HEAD"]
)
def test_a_link_in_the_repository_leads_nowhere(
    name: str,
    call: Call,
    world: World,
    app: Checkout,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (app.folder / ".git" / name).unlink(missing_ok=True)
    (app.folder / ".git" / name).symlink_to(place / "secret")
    before = all_below(app.folder)

    ask(call, world, app, monkeypatch)

    assert all_below(app.folder) == before


def test_links_in_the_worktree_are_not_followed(
    call: Call, world: World, app: Checkout, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (app.folder / "a.py").unlink()
    (app.folder / "a.py").symlink_to(place / "secret")
    (app.folder / "tracked").symlink_to(place / "secret")
    (app.folder / "deep").symlink_to(place)
    app.git("add", "tracked", "deep")
    app.git("commit", "--quiet", "--message", "links")

    said = ask(call, world, app, monkeypatch, "tracked", "deep/secret")

    for asked in ("./a.py", "./tracked", "./deep/secret"):
        assert said[("blame", asked)].exit_code != 0
        assert said[("blame", asked)].stdout == ""


def test_another_user_s_repository_is_not_read(
    call: Call, world: World, app: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    for each in (app.folder, app.folder / ".git"):
        os.chown(each, 1234, -1)

    said = ask(call, world, app, monkeypatch)

    for asked in (("status",), ("graph",), ("pr", "HEAD"), ("blame", "./a.py")):
        assert said[asked].exit_code != 0
        assert "belongs to another user" in said[asked].stderr


def test_a_replaced_commit_is_read_as_it_was_made(
    call: Call, world: World, app: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = app.git("rev-parse", "HEAD~1^{tree}")
    forged = app.git("commit-tree", tree, "-p", "HEAD~1", "-m", "forged words")
    app.git("replace", "HEAD", forged)

    said = ask(call, world, app, monkeypatch)

    assert not [asked for asked, result in said.items() if "forged words" in result.output]
    assert "typed" in said[("graph",)].stdout


def test_names_and_messages_are_only_shown(
    call: Call, world: World, app: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = world.agent(app)
    agent.writes(ODD, functions("fourth").lstrip())
    agent.session.end()
    app.git("add", "--all")
    poison = OBEYED.replace("\0", "").encode("utf-8", "ignore").decode()
    app.git("-c", "i18n.commitEncoding=utf-8", "commit", "--quiet", "--message", f"x {poison}")
    for option in ("--output=pwned", "-d", "--upload-pack=touch_pwned"):
        file = app.folder / ".git" / "refs" / "heads" / option
        file.write_text(f"{app.head}\n")
    author = f"{poison} <evil@example.org>".replace("\n", "")
    app.git("commit", "--quiet", "--amend", "--no-edit", f"--author={author}")
    before = all_below(app.folder)

    said = ask(call, world, app, monkeypatch, ODD)
    for typed in ("--output=pwned", "-d", "--upload-pack=touch_pwned", "HEAD..--output=pwned"):
        for command in ("pr", "graph", "blame"):
            said[command, typed] = call("trail", command, "--", typed)
            assert said[command, typed].exception is None or isinstance(
                said[command, typed].exception, SystemExit
            )

    assert all_below(app.folder) == before
    assert said[("blame", f"./{ODD}")].exit_code == 0
    assert "fourth_handler" in said[("blame", f"./{ODD}")].stdout
    for asked, result in said.items():
        is_text = "--json" not in asked
        assert harmful(result.stderr + (result.stdout if is_text else "")) == set(), asked


def test_a_huge_file_is_passed_over(
    call: Call, world: World, app: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.write("huge.txt", ("0" * 2**20 + "\n") * (MOST_BYTES // 2**20) + "the last\n")
    agent = world.agent(app)
    agent.adds("huge.txt", "one_more_line_of_an_agent = 12345678\n")
    app.git("add", "--all")
    app.git("commit", "--quiet", "--message", "huge")

    said = ask(call, world, app, monkeypatch)

    assert {result.exit_code for result in said.values()} == {0}
    assert call("trail", "blame", "huge.txt:1").exit_code in (0, 1)
