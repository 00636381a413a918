"""Every kind of repository that Git makes."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from opentraces.adapters.git.command import NOT_INSTALLED, GitCommand
from opentraces.adapters.git.command_source import CommandSource, open_command
from opentraces.adapters.git.conversation import TOO_SLOW
from opentraces.adapters.git.identity import FOREIGN
from opentraces.adapters.git.reflogs import read_log
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.repository import GitRepository
from opentraces.domain.errors import NoSuchFile, RepositoryUnreadable
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.ports.repository import Repository
from tests.git_histories import GitMaker
from tests.git_repositories import clone, git, make_repository, program, root_of
from tests.integration.adapters.git.asking import ask, blamed

SEEN = GitCommand(os.defpath)


def opened(folder: Path, search_path: str = os.defpath, seconds: float = 10.0) -> Repository:
    return GitRepositories(GitCommand(search_path, seconds)).open(str(folder))


def by_command(folder: Path) -> GitRepository:
    return GitRepository(open_command(SEEN, str(folder)), SEEN)


def head_of(folder: Path) -> CommitId:
    return CommitId(git(folder, "rev-parse", "HEAD"))


def add(folder: Path, name: str, text: str = "text\n") -> CommitId:
    """Commit a file."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", f"add {name}")
    return head_of(folder)


@pytest.fixture
def without_git(place: Path) -> str:
    """A search path on which there is no git."""
    (place / "empty").mkdir()
    return str(place / "empty")


def test_libgit2_needs_no_git(main: Path, without_git: str) -> None:
    add(main, "f")
    repository = opened(main, without_git)

    said = ask(repository)

    assert [*said.commits] == ask(opened(main)).commits
    assert said.lines == [[None], [None]]
    with pytest.raises(RepositoryUnreadable, match=NOT_INSTALLED):
        repository.blame("f", None)


@pytest.mark.parametrize("kind", ["plain", "sha256"])
def test_without_libgit2_git_does_it_all(place: Path, kind: str) -> None:
    options = ("--object-format=sha256",) if kind == "sha256" else ()
    main = make_repository(place / "main", *options)
    code = f"""
import sys
sys.modules["pygit2"] = None
from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.repositories import GitRepositories
repository = GitRepositories(GitCommand({os.defpath!r})).open({str(main)!r})
print(repository.heads().head, *[each.commit for each in repository.commits(
    [repository.heads().head], [], None)])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.split() == [head_of(main), head_of(main)]


def test_of_a_repository_that_libgit2_does_not_know_git_is_asked(
    place: Path, without_git: str
) -> None:
    main = make_repository(place / "main", "--object-format=sha256")

    assert opened(main).heads().head == head_of(main)
    with pytest.raises(RepositoryUnreadable, match=NOT_INSTALLED):
        opened(main, without_git)


def test_a_reftable_is_read(place: Path) -> None:
    (place / "main").mkdir()
    begin = ["git", "init", "--quiet", "--ref-format=reftable"]
    if subprocess.run(begin, cwd=place / "main", check=False, capture_output=True).returncode:
        pytest.skip("the installed git knows no reftable")
    first = add(place / "main", "f")
    git(place / "main", "commit", "--quiet", "--amend", "--message", "better")

    heads = opened(place / "main").heads()

    assert (heads.head, heads.rewritten) == (head_of(place / "main"), {first: heads.head})
    assert heads.logged == {first, heads.head}


def test_reflogs_are_the_same_however_they_are_read(main: Path) -> None:
    add(main, "f")
    git(main, "commit", "--quiet", "--amend", "--message", "better")
    git(main, "checkout", "--quiet", "-b", "topic")
    add(main, "g")
    source = open_command(SEEN, str(main))
    assert isinstance(source, CommandSource)

    walked = source.walked_log("HEAD")

    assert list(walked) == list(read_log(f"{main}/.git/logs/HEAD"))
    assert [entry.is_amended for entry in walked] == [False, False, True, False, False]
    named = {entry.new for entry in source.walked_log("HEAD", "--branches")}
    assert named == {entry.new for entry in walked}


def test_lines_of_a_reflog_that_are_no_entries_are_passed_over(main: Path) -> None:
    head = head_of(main)
    zeros, one = "0" * 40, CommitId("1" * 40)
    odd = [
        b"no entry",
        b"",
        f"{head} {one} A <a@b> soon +0000\tcommit (amend): x".encode(),
        f"{head} {one} A <a@b> {10**20} +0000\tcommit (amend): x".encode(),
        f"{head} {head} A <a@b> 20 +0000\tcommit (amend): the same".encode(),
        f"{head} {one} A\xff <a@b> 30 -0100\tcommit (amend): \xff".encode("latin-1"),
        f"{one} {zeros} A <a@b> 40 +0000".encode(),
        f"{one} {head}".encode(),
    ]
    (main / ".git" / "logs" / "HEAD").write_bytes(b"\n".join(odd))

    for repository in (opened(main), by_command(main)):
        heads = repository.heads()
        assert heads.logged == {head}
        assert heads.rewritten == {head: one}
        moments = [repository.checked_out(moment) for moment in (19, 20, 35, 50)]
        assert moments == [None, head, one, None]


def test_a_bare_repository_has_history_and_no_files(main: Path, place: Path) -> None:
    second = add(main, "f")
    bare = clone(main, place / "bare.git", "--bare")

    for repository in (opened(bare), by_command(bare)):
        assert ask(repository).commits == ask(opened(main)).commits
        assert [line.commit for line in repository.blame("f", second)] == [second]
        with pytest.raises(NoSuchFile):
            repository.blame("f", None)


def test_a_shallow_clone_ends_where_it_was_cut(main: Path, place: Path) -> None:
    first, second, third = root_of(main), add(main, "f"), add(main, "g")
    shallow = clone(main, place / "shallow", "--depth=2")

    for repository in (opened(shallow), by_command(shallow)):
        commits = list(repository.commits([third], [], None))
        assert [each.commit for each in commits] == [second, third]
        assert (commits[0].parents, commits[0].changes) == ((first,), ())
        assert [change.path for change in commits[1].changes] == ["g"]
        assert [line.commit for line in repository.blame("g", None)] == [third]


def test_a_linked_worktree_has_a_head_and_a_log_of_its_own(main: Path, place: Path) -> None:
    first = head_of(main)
    git(main, "worktree", "add", "--quiet", "../fix")
    second = add(place / "fix", "f")

    for repository in (opened(place / "fix"), by_command(place / "fix")):
        heads = repository.heads()
        assert (heads.head, heads.branch) == (second, "fix")
        assert heads.branches == {"main": first, "fix": second}
        assert repository.checked_out(10**10) == second
        assert blamed(repository, "f") == [second]
    assert opened(main).checked_out(10**10) == first


def test_a_submodule_is_a_repository_of_its_own(main: Path, place: Path) -> None:
    outer = make_repository(place / "outer")
    git(outer, "submodule", "--quiet", "add", str(main), "sub")
    second = add(outer / "sub", "f")
    add(outer, "g")

    for repository in (opened(outer / "sub"), by_command(outer / "sub")):
        assert repository.heads().head == second
        assert repository.heads().branches == {"main": second, "origin/main": root_of(main)}
        assert blamed(repository, "f") == [second]
    for repository in (opened(outer), by_command(outer)):
        last = list(repository.commits([head_of(outer)], [], None))[-1]
        assert [change.path for change in last.changes] == [".gitmodules", "g"]


def test_packed_branches_count_and_tags_do_not(main: Path) -> None:
    first, second = head_of(main), add(main, "f")
    git(main, "branch", "other", first)
    git(main, "tag", "v1", first)
    git(main, "update-ref", "refs/remotes/origin/main", first)
    git(main, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    git(main, "pack-refs", "--all")
    git(main, "gc", "--quiet")
    expected = {"main": second, "other": first, "origin/main": first}

    assert opened(main).heads().branches == by_command(main).heads().branches == expected


def test_branches_that_lead_nowhere_do_no_harm(main: Path) -> None:
    heads = main / ".git" / "refs" / "heads"
    (heads / "gone").write_text("1" * 40 + "\n")
    (heads / "broken").write_text("no id\n")
    (heads / "odd\udcff").write_text(f"{head_of(main)}\n")

    for repository in (opened(main), by_command(main)):
        found = repository.heads().branches
        assert found["main"] == found["odd\ufffd"] == head_of(main)
        assert "broken" not in found
        tips = [*found.values()]
        assert [each.commit for each in repository.commits(tips, [], None)] == [head_of(main)]


def test_a_sparse_index_is_not_looked_at(main: Path, without_git: str) -> None:
    for number in range(3):
        add(main, f"d{number}/f")
    git(main, "sparse-checkout", "init", "--cone", "--sparse-index")
    git(main, "sparse-checkout", "set", "d1")
    assert b"sdir" in (main / ".git" / "index").read_bytes()

    assert len(ask(opened(main, without_git)).commits) == 4
    assert blamed(opened(main), "d1/f") == [git(main, "rev-list", "HEAD", "--", "d1/f")]
    assert blamed(opened(main), "d2/f") == []


def test_of_a_partial_clone_what_is_there_is_read(main: Path, place: Path) -> None:
    git(main, "config", "uploadpack.allowFilter", "true")
    second = add(main, "f", "".join(f"line {number}\n" for number in range(20)))
    git(main, "mv", "f", "moved")
    third = add(main, "same")
    (main / "moved").write_text((main / "moved").read_text() + "more\n")
    git(main, "mv", "moved", "again")
    fourth = add(main, "again2")
    partial = clone(main, place / "partial", "--filter=blob:none", "--no-checkout")

    for repository in (opened(partial), by_command(partial)):
        commits = list(repository.commits([fourth], [], None))
        assert [each.commit for each in commits[1:]] == [second, third, fourth]
        moved = {change.path: [old.path for old in change.before] for change in commits[2].changes}
        assert moved == {"moved": ["f"], "same": []}
        assert sorted(change.path for change in commits[3].changes) == ["again", "again2", "moved"]
        names = [change.blob for each in commits for change in each.changes if change.blob]
        assert [*repository.blobs(names)] == [None] * len(names)
    there = clone(main, place / "there", "--filter=blob:none")
    for repository in (opened(there), by_command(there)):
        commits = list(repository.commits([fourth], [], None))
        names = [change.blob for each in commits for change in each.changes if change.blob]
        found = [*repository.blobs(names)]
        assert None in found
        assert b"text\n" in found


def test_a_partial_clone_without_lists_of_files_tells_of_no_changes(
    main: Path, place: Path
) -> None:
    git(main, "config", "uploadpack.allowFilter", "true")
    for number in range(5):
        add(main, f"d/{number}")
    partial = clone(main, place / "partial", "--filter=tree:0", "--no-checkout")

    for repository in (opened(partial), by_command(partial)):
        commits = list(repository.commits([head_of(main)], [], None))
        assert len(commits) == 6
        assert [each.changes for each in commits] == [()] * 6


def test_grafts_and_replacements_are_not_believed(main: Path) -> None:
    first, second, third = root_of(main), add(main, "f"), add(main, "g")
    (main / ".git" / "info" / "grafts").write_text(f"{third}\n")
    other = git(main, "commit-tree", "-m", "other", f"{first}^{{tree}}")
    git(main, "replace", second, other)

    for repository in (opened(main), by_command(main)):
        commits = list(repository.commits([third], [], None))
        assert [each.commit for each in commits] == [first, second, third]
        assert commits[1].subject == "add f"
        assert [line.commit for line in repository.blame("f", third)] == [second]


def test_odd_names_modes_links_and_texts(place: Path) -> None:
    odd = 'a "b"\\\u00e9\t\n\udcff'
    maker = GitMaker(place / "main", opened)
    files = {odd: b"1\n", "x": b"2\n", "l": b"3\n", "was": b"4\n"}
    first = maker.commit(files)
    modes = {
        odd: ("100644", b"1b\n"),
        "x": ("100755", b"2\n"),
        "l": ("120000", b"x"),
        "link": ("120000", b"x"),
        "d/was": ("100755", b"4\n"),
    }
    second = maker.commit_modes(modes, [first])
    shown = 'a "b"\\\u00e9\t\n\ufffd'

    for repository in (opened(maker.folder), by_command(maker.folder)):
        last = list(repository.commits([second], [], None))[-1]
        found = {change.path: [old.path for old in change.before] for change in last.changes}
        assert found == {shown: [shown], "d/was": ["was"], "l": ["l"]}
        assert [change.blob is None for change in last.changes] == [False, False, True]
        lines = repository.blame(odd, second)
        assert [(line.commit, line.path, line.text) for line in lines] == [(second, shown, "1b")]


def test_a_message_in_another_encoding_is_read(main: Path) -> None:
    (main / "message").write_bytes("Prüfe\n".encode("latin-1"))
    named = ("-c", "i18n.commitEncoding=ISO-8859-1")
    git(main, *named, "commit", "--quiet", "--allow-empty", "--file=message")
    (main / "message").write_bytes(b"\xff odd\n")
    tree = git(main, "rev-parse", "HEAD^{tree}")
    text = f"tree {tree}\nauthor nobody\nencoding zip\n\n".encode() + b"\n  Pr\xffe  \nmore\n"
    made = subprocess.run(
        ["git", "hash-object", "-w", "-t", "commit", "--literally", "--stdin"],
        cwd=main,
        input=text,
        check=True,
        capture_output=True,
    )
    odd = CommitId(made.stdout.decode().strip())

    for repository in (opened(main), by_command(main)):
        assert list(repository.commits([head_of(main)], [], None))[-1].subject == "Prüfe"
        (found,) = repository.commits([odd], [], None)
        assert (found.subject, found.author) == ("Pr\ufffde", "nobody")
        assert (found.authored, found.committed) == (0, 0)


def test_a_time_that_cannot_be_is_none(main: Path) -> None:
    tree = git(main, "rev-parse", "HEAD^{tree}")
    text = f"tree {tree}\nauthor A <a> {10**20} +0000\ncommitter A <a> {10**20} +0000\n\nx\n"
    hashing = ["git", "hash-object", "-w", "-t", "commit", "--literally", "--stdin"]
    made = subprocess.run(
        hashing, cwd=main, input=text.encode(), check=True, capture_output=True
    ).stdout.decode()

    for repository in (opened(main), by_command(main)):
        (found,) = repository.commits([CommitId(made.strip())], [], None)
        assert (found.authored, found.committed) == (0, 0)


def test_line_ends_are_those_that_the_repository_wants(main: Path) -> None:
    git(main, "config", "core.autocrlf", "true")
    second = add(main, "f", "one\ntwo\n")
    (main / "f").write_bytes(b"one\r\ntwo\r\n")

    assert blamed(opened(main), "f") == [second, second]

    git(main, "config", "core.autocrlf", "false")
    assert blamed(opened(main), "f") == [None, None]


def test_nothing_ignores_what_a_configuration_says_is_to_be_ignored(main: Path) -> None:
    second = add(main, "f")
    (main / "ignored").write_text(f"{second}\n")
    git(main, "config", "blame.ignoreRevsFile", "ignored")

    assert blamed(opened(main), "f") == [second]


def test_a_broken_repository_is_unreadable(main: Path) -> None:
    (main / ".git" / "HEAD").write_text("nothing of the kind\n")
    (main / "inner" / ".git").mkdir(parents=True)

    for folder in (main, main / "inner"):
        with pytest.raises(RepositoryUnreadable, match=str(folder)):
            opened(folder)


@pytest.mark.parametrize("size", [0, 5, 60, -20])
def test_a_broken_object_is_as_one_that_is_not_there(main: Path, size: int) -> None:
    second, third = (add(main, name, f"{name}{[*range(200)]}") for name in "fg")
    for name in (second, git(main, "rev-parse", f"{second}:f"), git(main, "rev-parse", "HEAD:g")):
        file = main / ".git" / "objects" / name[:2] / name[2:]
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:size])

    for repository in (opened(main), by_command(main)):
        (found,) = repository.commits([third], [], None)
        assert (found.commit, found.changes) == (third, ())
        blobs = [git(main, "rev-parse", f"{third}:{name}") for name in ("f", "g", "README")]
        contents = [*repository.blobs([ObjectId(name) for name in blobs])]
        assert contents == [None, None, (main / "README").read_bytes()]


def test_a_broken_object_of_a_pack_is_as_one_that_is_not_there(main: Path) -> None:
    head = add(main, "f", f"{[*range(200)]}")
    git(main, "gc", "--quiet")
    (pack,) = (main / ".git" / "objects" / "pack").glob("*.pack")
    blob = git(main, "rev-parse", "HEAD:f")
    listed = git(main, "verify-pack", "--verbose", str(pack.with_suffix(".idx"))).splitlines()
    place = next(int(line.split()[-1]) for line in listed if line.startswith(blob))
    data = bytearray(pack.read_bytes())
    data[place + 9] ^= 0xFF
    pack.chmod(0o600)
    pack.write_bytes(data)

    for repository in (opened(main), by_command(main)):
        assert [each.commit for each in repository.commits([head], [], None)][-1] == head
        assert [*repository.blobs([ObjectId(blob)])] == [None]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_the_repository_of_another_user_is_not_read(place: Path, kind: str) -> None:
    main = make_repository(place / "main", f"--object-format={kind}")
    for folder in (main, main / ".git"):
        os.chown(folder, 1234, -1)
    git(main.parent, "config", "--global", "safe.directory", "*")

    with pytest.raises(RepositoryUnreadable, match=FOREIGN):
        opened(main)
    with pytest.raises(RepositoryUnreadable, match=FOREIGN):
        by_command(main)


PIPES = [
    "HEAD",
    "commondir",
    "config",
    "config.worktree",
    "info/grafts",
    "logs/HEAD",
    "logs/refs/heads/main",
    "objects/info/alternates",
    "objects/pack/multi-pack-index",
    "objects/pack/pack-1.idx",
    "packed-refs",
    "refs/heads/main",
    "refs/heads/other",
    "shallow",
]


@pytest.mark.parametrize("name", PIPES)
def test_a_pipe_in_place_of_a_file_is_not_waited_for(main: Path, name: str) -> None:
    (main / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(main / ".git" / name)

    with suppress(RepositoryUnreadable):
        ask(opened(main, seconds=0.5))  # whoever waited for it would wait for ever


def test_a_git_that_does_not_answer_is_not_waited_for(place: Path) -> None:
    main = make_repository(place / "main", "--object-format=sha256")
    git_program = "/usr/bin/git"
    slow = program(
        place / "slow",
        "git",
        f'case "$*" in *batch*) exec /bin/sleep 60;; *) exec {git_program} "$@";; esac',
    )
    repository = opened(main, slow, seconds=0.3)

    with pytest.raises(RepositoryUnreadable, match=TOO_SLOW):
        list(repository.commits([head_of(main)], [], None))
