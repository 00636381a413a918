from opentraces.adapters.memory.privacy import MemoryPrivacy
from tests.contracts.privacy import PrivacyContract


class TestMemoryPrivacy(PrivacyContract):
    def privacy(self, exposed: int) -> MemoryPrivacy:
        return MemoryPrivacy(f"file {number}" for number in range(exposed))
