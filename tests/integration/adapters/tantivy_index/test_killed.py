"""A process that is killed while it commits leaves an index that the next one writes to."""

from pathlib import Path

from opentraces.adapters.tantivy_index.index import TantivyTraceIndex
from opentraces.adapters.tantivy_index.schema import FINGERPRINT
from opentraces.adapters.tantivy_index.sealing import unseal
from opentraces.adapters.tantivy_index.writer import TantivyIndexWriter
from opentraces.domain.query import Query, Term
from tests.contracts.trace_index import A, B, fill, step, whole


def amend(writer: TantivyIndexWriter) -> None:
    with writer.updating() as update:
        update.put_step(step(B, 2, "amended"), replaces=True)
        update.commit()


def test_files_of_a_commit_that_was_killed_before_it_took_effect_are_in_nobodys_way(
    tmp_path: Path,
) -> None:
    writer = TantivyIndexWriter(tmp_path, "bucket", 0.0)
    for trace in (A, B):
        fill(writer, [whole(trace), *(step(trace, number, f"said {number}") for number in (1, 2))])
    place = tmp_path / FINGERPRINT
    before = (place / "meta.json").read_bytes()
    amend(writer)
    unseal(place)
    (place / "meta.json").write_bytes(before)  # which a commit replaces last
    assert list(place.glob("*.del"))

    amend(writer)

    found = TantivyTraceIndex(tmp_path, "bucket").search(Query((Term("amended"),)), 10)
    assert found.total == 1
