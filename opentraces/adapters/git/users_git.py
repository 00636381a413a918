"""What Git takes for settings when the user runs it in a checkout."""

import os
import subprocess
from collections.abc import Mapping

from opentraces.adapters.git.command import NOT_INSTALLED, TOO_SLOW
from opentraces.domain.errors import StorageUnavailable

_UNSET = 1
_SECONDS = 10.0


class UsersGit:
    """Asks for settings, and nothing else: Git runs nothing of a repository's for that."""

    def __init__(self, search_path: str, environment: Mapping[str, str]) -> None:
        """`environment`: what of the user's says where settings are.

        Relative folders of `search_path` are passed over.
        """
        folders = [folder for folder in search_path.split(os.pathsep) if folder.startswith("/")]
        path = os.pathsep.join(folders) or os.defpath
        self._environment = {**environment, "PATH": path, "LC_ALL": "C"}

    def hooks_path(self, checkout: str) -> str | None:
        """Return `core.hooksPath`, absolute. None: it is not set. Raises StorageUnavailable."""
        command = ["git", "config", "--type=path", "-z", "--get", "core.hooksPath"]
        try:
            run = subprocess.run(  # noqa: S603 - no shell, and no argument of a repository's
                command,
                capture_output=True,
                check=False,
                cwd=checkout,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise StorageUnavailable(f"{checkout}: {TOO_SLOW}") from error
        except OSError as error:
            raise StorageUnavailable(f"{checkout}: {NOT_INSTALLED}") from error
        if run.returncode == _UNSET:
            return None
        if run.returncode:
            said = run.stderr.decode("utf-8", "replace").strip()
            raise StorageUnavailable(f"{checkout}: {said}")
        named = os.fsdecode(run.stdout.removesuffix(b"\0"))
        return os.path.join(checkout, named) if named else None  # noqa: PTH118 - any bytes
