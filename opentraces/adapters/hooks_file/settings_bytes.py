"""An agent's settings: bytes in, bytes out, and each fault with its place."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from opentraces.adapters.hooks_file.env_text import env_of, with_env, without_env
from opentraces.adapters.hooks_file.hooks_text import (
    Frame,
    Ours,
    frame_of,
    is_switched_off,
    ours_in,
    refuse,
)
from opentraces.adapters.hooks_file.merging import Groups, with_ours, without_ours
from opentraces.adapters.hooks_file.placing import decoded, encoded, placed
from opentraces.domain.telemetry.environment import may_be_told, our_keys


class SettingsBytes:
    """What the settings hold. Any method raises SettingsInvalid, with the place of the fault."""

    def __init__(self, path: Path, data: bytes | None, keys: Collection[str] | None = None) -> None:
        """Keep what stands in `path`; None: it is not there. `keys`: as in AgentHooks."""
        self.path = path
        self.data = data
        self._keys = keys
        self._text = decoded(data or b"", path)

    def ours(self) -> tuple[Ours, ...]:
        """Return our handlers that run, in order."""
        with self._placed():
            self._refuse()
            return ours_in(self._text)

    def has_ours(self) -> bool:
        """Whether anything of ours is in it, even where nothing runs it."""
        return self.has_hooks() or self.has_env()

    def has_hooks(self) -> bool:
        """Whether a hook of ours is in it, even where nothing runs it."""
        return self.without_ours(Frame()) != self.data

    def has_env(self) -> bool:
        """Whether a key of ours is in its environment."""
        with self._placed():
            return bool(our_keys(env_of(self._text)))

    def env(self) -> dict[str, Any]:
        """Return what its environment holds."""
        with self._placed():
            return env_of(self._text)

    def frame(self) -> Frame:
        """Return what stands in it, in the place of what is ours."""
        with self._placed():
            return frame_of(self._text)

    def is_switched_off(self, switch: str) -> bool:
        """Whether no hook runs at all, as it says under a key."""
        with self._placed():
            return is_switched_off(self._text, switch)

    def with_ours(self, wanted: Groups, frame: Frame) -> bytes | None:
        """Return it with ours in it."""
        with self._placed():
            self._refuse()
            return self._encoded(with_ours(self._text, wanted, frame))

    def without_ours(self, frame: Frame) -> bytes | None:
        """Return it without ours; of what is empty then, the frame stays."""
        with self._placed():
            return self._encoded(without_ours(self._text, frame))

    def with_env(self, wanted: Mapping[str, str], frame: Frame) -> bytes | None:
        """Return it with what is wanted in its environment, but for what its user has a say in."""
        with self._placed():
            held = env_of(self._text)
            ours = our_keys(held, filter(None, frame.keys))
            return self._encoded(with_env(self._text, may_be_told(wanted, held, ours), ours))

    def without_env(self, frame: Frame) -> bytes | None:
        """Return it with nothing of ours in its environment; of what is empty, the frame stays."""
        with self._placed():
            ours = our_keys(env_of(self._text), filter(None, frame.keys))
            return self._encoded(without_env(self._text, ours, frame))

    def without_any(self) -> bytes | None:
        """Return it without hooks and keys of ours, and what is empty then."""
        without = SettingsBytes(self.path, self.without_ours(Frame()))
        return without.without_env(Frame())

    def _refuse(self) -> None:
        if self._keys is not None and self.data is not None:
            refuse(self._text, self._keys)

    def _encoded(self, text: str) -> bytes | None:
        return self.data if text == self._text else encoded(text, self.path)

    def _placed(self) -> AbstractContextManager[None]:
        return placed(self._text, self.path)
