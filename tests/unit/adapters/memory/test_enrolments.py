"""Enrolments in memory."""

from collections.abc import Callable

import pytest

from opentraces.adapters.memory.enrolments import MemoryEnrolments
from tests.contracts.enrolments import EnrolmentsContract


class TestMemoryEnrolments(EnrolmentsContract):
    @pytest.fixture
    def enrolments(self) -> MemoryEnrolments:
        return MemoryEnrolments()

    @pytest.fixture
    def lose_lists(self, enrolments: MemoryEnrolments) -> Callable[[], None]:
        return enrolments.lose_lists
