"""An agent's settings that list packages: bytes in, bytes out, and each fault with its place."""

from collections.abc import Callable
from pathlib import Path

from opentraces.adapters.hooks_file.packages_text import PackagesFrame, PackagesText
from opentraces.adapters.hooks_file.placing import decoded, encoded, placed


class PackagesBytes:
    """What the settings hold. Any method raises SettingsInvalid, with the place of the fault."""

    def __init__(self, path: Path, data: bytes | None, key: str, name: str) -> None:
        """Keep what stands in `path`; None: it is not there. The rest: as in PackagesText."""
        self.path = path
        self.data = data
        self._said = decoded(data or b"", path)
        self._text = PackagesText(self._said, key, name)

    def has_ours(self) -> bool:
        """Whether our package is on the list."""
        with placed(self._said, self.path):
            return self._text.has_ours()

    def frame(self) -> PackagesFrame:
        """Return what stands in it, in the place of what is ours."""
        with placed(self._said, self.path):
            return self._text.frame()

    def with_ours(self) -> bytes | None:
        """Return it with our package on the list."""
        return self._edited(self._text.with_ours)

    def without_ours(self, frame: PackagesFrame) -> bytes | None:
        """Return it without our package; of what is empty then, the frame stays."""
        return self._edited(lambda: self._text.without_ours(frame))

    def _edited(self, edit: Callable[[], str]) -> bytes | None:
        with placed(self._said, self.path):
            text = edit()
        return self.data if text == self._said else encoded(text, self.path)
