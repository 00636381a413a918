"""Pi's own command for packages."""

import os
import shutil
import subprocess
from pathlib import Path

from opentraces.domain.errors import SettingsInvalid

_SECONDS = 60


class PiPackages:
    """`pi install`, `pi remove` and `pi list`, for the user as a whole and not for one project."""

    def __init__(self, agent: Path, user: Path, search_path: str) -> None:
        """`agent`: its folder; `user`: the home folder; `search_path`: as PATH has it."""
        folders = [folder for folder in search_path.split(os.pathsep) if folder.startswith("/")]
        self._path = os.pathsep.join(folders) or os.defpath
        self._agent = agent
        self._user = user

    def is_there(self) -> bool:
        """Whether `pi` is on the PATH."""
        return shutil.which("pi", path=self._path) is not None

    def install(self, package: str) -> None:
        """Put a folder on the list. Raises SettingsInvalid when it does not stand there then."""
        said = self._run("install", package)
        if package not in self._listed():
            raise SettingsInvalid(f"pi did not install {package}: {said}")

    def remove(self, package: str) -> None:
        """Take a folder off the list. Raises SettingsInvalid when it stands there still."""
        said = self._run("remove", package)
        if package in self._listed():
            raise SettingsInvalid(f"pi did not remove {package}: {said}")

    def _listed(self) -> list[str]:
        return [line.strip() for line in self._run("list").splitlines()]

    def _run(self, *arguments: str) -> str:
        """Run it where no project adds anything, and return what it says."""
        program = shutil.which("pi", path=self._path)
        if program is None:
            raise SettingsInvalid("pi is not on the PATH → install Pi first, or add its folder")
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and no argument of anybody's
                [program, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                cwd=self._user,
                env={
                    "HOME": str(self._user),
                    "PATH": self._path,
                    "PI_CODING_AGENT_DIR": str(self._agent),
                    "PI_OFFLINE": "1",
                    "PI_TELEMETRY": "0",
                },
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise SettingsInvalid(f"pi could not be run: {error}") from error
        return (done.stdout + done.stderr).decode("utf-8", "replace").strip()
