"""The lines that a repository's hooks run for us, put into a script and taken out of it again.

They stand in front of what the script does, so that nothing in it keeps them from being run, and
leave it its arguments, its standard input and its exit code. They start no process.
"""

import re
import shlex

from opentraces.domain.ids import digest
from opentraces.domain.slotted import frozen_dataclass

HOOKS = ("post-commit", "post-rewrite")
"""When Git runs ours: a commit was made; commits were replaced by others."""

MOST_PAIRS = 1000
"""Replaced commits that one run notes."""

LARGEST = 1 << 20
"""Bytes of a script above which it is left alone."""

_SHEBANG = b"#!/bin/sh\n"
_SHELLS = frozenset((b"sh", b"bash", b"dash", b"ash", b"ksh", b"mksh"))
_MADE = b", and this file"
_GLUED = b", on a line that was not ended"
_MANAGERS = (b"lefthook", b"husky", b"pre-commit.com", b"overcommit", b"simple-git-hooks")

_ANY = re.compile(
    rb"^# >>> opentraces ([0-9a-f]{16})\b[^\n]*\n(?:.*\n)*?# <<< opentraces \1\n", re.MULTILINE
)

_BLOCK = """\
# >>> opentraces {key}{said}: notes what is committed; opentraces setup git --remove takes it out
opentraces_git=.git opentraces_to={notes}
if [ -f .git ]; then read -r opentraces_git opentraces_git 2>/dev/null <.git || :; fi
if [ "${{opentraces_git%/worktrees/*}}" -ef {repository} ] &&
  [ -f "$opentraces_to" ] && [ ! -h "$opentraces_to" ]; then
{note}fi
unset opentraces_git opentraces_to
# <<< opentraces {key}
"""
_COMMITTED = """\
  {{ printf 'post-commit %s\\n' "${{EPOCHSECONDS:--}}"; }} 2>/dev/null >>"$opentraces_to" || :
"""
_REWRITTEN = """\
  opentraces_left={most} opentraces_all= opentraces_some= opentraces_end='
'
  while IFS= read -r opentraces_line || [ -n "$opentraces_line" ]; do
    if [ "$opentraces_left" -gt 0 ]; then
      printf 'post-rewrite %s %s\\n' "${{EPOCHSECONDS:--}}" "$opentraces_line" || :
      opentraces_left=$((opentraces_left - 1))
    fi
    if [ "${{#opentraces_some}}" -gt 8192 ]; then
      opentraces_all=$opentraces_all$opentraces_some opentraces_some=
    fi
    opentraces_some=$opentraces_some$opentraces_line$opentraces_end
  done 2>/dev/null >>"$opentraces_to" || :
  if [ -n "$opentraces_some" ]; then exec <<OPENTRACES
$opentraces_all${{opentraces_some%?}}
OPENTRACES
  fi
  unset opentraces_left opentraces_line opentraces_all opentraces_some opentraces_end
"""


@frozen_dataclass
class HookLines:
    """What the hooks of one repository run for us."""

    repository: str
    """The folder of its objects, absolute: elsewhere, in a copy of it, too, they do nothing."""

    notes: str
    """The file they add to, absolute; where it is missing or a link, they do nothing."""

    @property
    def key(self) -> str:
        """What tells these lines from those for other repositories that share a script."""
        return key_of(self.repository)

    def put_into(self, script: bytes | None, hook: str) -> bytes:
        """Return a script with our lines, those of before replaced. None: there is no script."""
        left = script and self.taken_out_of(script)
        if left is None:
            return self._added(_SHEBANG, hook, _MADE)
        found = self._found(script or b"")
        is_made = _MADE in found[1] if found else _is_made_for_others(left)
        return self._added(left, hook, _MADE if is_made else b"")

    def taken_out_of(self, script: bytes) -> bytes | None:
        """Return a script without our lines. None: it was made for them, and holds nothing else."""
        found = self._found(script)
        if found is None:
            return script
        before, after = script[: found.start()], script[found.end() :]
        if _GLUED in found[1] and not after:
            return before.removesuffix(b"\n")
        left = before + after
        return None if _MADE in found[1] and left == _SHEBANG else left

    def are_in(self, script: bytes) -> bool:
        """Whether any of ours, as this or another release writes them, are in a script."""
        return self._found(script) is not None

    def are_just_in(self, script: bytes, hook: str) -> bool:
        """Whether they are in a script as this release writes them."""
        return self.are_in(script) and self.put_into(script, hook) == script

    def _added(self, script: bytes, hook: str, said: bytes) -> bytes:
        first, end, rest = script.partition(b"\n")
        if not first.startswith(b"#!"):
            return self._block(hook, said) + script
        if not end:
            return first + b"\n" + self._block(hook, _GLUED).removesuffix(b"\n")
        return first + end + self._block(hook, said) + rest

    def _block(self, hook: str, said: bytes) -> bytes:
        note = _REWRITTEN if hook == "post-rewrite" else _COMMITTED
        text = _BLOCK.format(
            key=self.key,
            said=said.decode(),
            repository=shlex.quote(self.repository),
            notes=shlex.quote(self.notes),
            note=note.format(most=MOST_PAIRS),
        )
        return text.encode("utf-8", "surrogateescape")

    def _found(self, script: bytes) -> re.Match[bytes] | None:
        key = self.key.encode()
        return re.search(
            rb"^# >>> opentraces %b\b([^\n]*)\n(?:.*\n)*?# <<< opentraces %b(?:\n|\Z)" % (key, key),
            script,
            re.MULTILINE,
        )


def key_of(repository: str) -> str:
    """Return a short name for the folder of a repository's objects: 16 hex digits."""
    return str(digest(repository.encode("utf-8", "surrogateescape")))


def obstacle_in(script: bytes) -> str | None:
    """Say why nothing can be put into a script. None: it can, since a shell runs it as text."""
    if len(script) > LARGEST:
        return "is too long for a script"
    for manager in _MANAGERS:
        if manager in script.lower():
            name = manager.decode().removesuffix(".com")
            return f"is made by {name}, which would write over what is added"
    first = script.partition(b"\n")[0]
    words = first.removeprefix(b"#!").split()
    if first.startswith(b"#!") and words and words[0].endswith(b"/env"):
        words = [word for word in words[1:] if word != b"-S"]
    is_shell = not first.startswith(b"#!") or (
        bool(words) and words[0].rpartition(b"/")[2] in _SHELLS and not first.endswith(b"\r")
    )
    return None if is_shell and b"\0" not in script else "is no script for sh"


def _is_made_for_others(script: bytes) -> bool:
    """Whether a script was made for lines like these, and holds nothing but those of others."""
    return _MADE in script and _ANY.sub(b"", script) == _SHEBANG
