"""The medium that is told what it is."""

from opentraces.adapters.memory.medium import MemoryMedium
from opentraces.domain.media import unwritable
from tests.contracts.medium import MediumContract


class TestMemoryMedium(MediumContract):
    def medium(self, *, is_writable: bool) -> MemoryMedium:
        return MemoryMedium(None if is_writable else unwritable("/home", "Permission denied"))
