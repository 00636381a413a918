"""Repositories whose configuration names a program wherever Git knows a place for one."""

import shutil
from pathlib import Path

from tests.git_repositories import program

HOSTILE = """
[core]
	fsmonitor = {canary}
	hooksPath = {hooks}
	sshCommand = {canary}
	gitProxy = {canary}
	pager = {canary}
	editor = {canary}
	askPass = {canary}
	alternateRefsCommand = {canary}
	untrackedCache = true
	attributesFile = {attributes}
[alias]
	rev-list = !{canary}
	rev-parse = !{canary}
	config = !{canary}
[pager]
	rev-list = {canary}
	config = {canary}
[diff "evil"]
	textconv = {canary}
	command = {canary}
[filter "evil"]
	clean = {canary}
	smudge = {canary}
	process = {canary}
[credential]
	helper = !{canary}
[gpg]
	program = {canary}
[log]
	showSignature = true
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[protocol "file"]
	allow = always
[remote "origin"]
	promisor = true
	uploadpack = {canary}
	partialCloneFilter = blob:none
"""

NOT_FOR_LIBGIT2 = """
[core]
	repositoryFormatVersion = 1
[extensions]
	partialClone = origin
[include]
	path = {included}
[includeIf "gitdir:**"]
	path = {included}
"""


def make_hostile(main: Path, place: Path, *, everything: bool) -> Path:
    """Let whatever a repository can start leave `touched` in a place.

    `everything`: by what libgit2 is not let at, too.
    """
    hooks = place / "hooks"
    canary = f"{program(place / 'evil', 'canary', f'/bin/touch {place}/touched')}/canary"
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor"):
        program(hooks, hook, f"/bin/touch {place}/touched")
        shutil.copy(hooks / hook, main / ".git" / "hooks" / hook)
    for file in (place / "attributes", main / ".gitattributes", main / ".git/info/attributes"):
        file.write_text("* diff=evil filter=evil\n")
    (place / "included").write_text(f"[core]\n\tfsmonitor = {canary}\n\tsshCommand = {canary}\n")
    text = f"{HOSTILE}{NOT_FOR_LIBGIT2}" if everything else HOSTILE
    with (main / ".git" / "config").open("a") as config:
        config.write(
            text.format(
                canary=canary,
                hooks=hooks,
                attributes=place / "attributes",
                included=place / "included",
            )
        )
    return main
