"""A copy never takes what its source has."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.ids import SessionId
from opentraces.domain.resuming.copy_id import copy_id

UUIDS = st.uuids(version=4).map(lambda each: SessionId(str(each)))


@given(UUIDS, UUIDS)
def test_it_comes_after_its_source_and_is_a_uuid_of_the_same_kind(
    source: SessionId, new: SessionId
) -> None:
    made = copy_id(source, new)

    assert made > source or source.startswith("ffffffff")
    assert (str(UUID(made)), UUID(made).version) == (made, 4)


def test_one_that_comes_after_it_stays_as_it_is() -> None:
    new = SessionId(str(uuid4()))

    assert copy_id(SessionId("0"), new) == new
