"""Results as JSON that can always be written."""

import orjson
import pytest

from opentraces.application.imported import Imported, Left
from opentraces.application.restore_trace import Restored
from opentraces.domain.audit import Audit, Problem
from opentraces.domain.ids import TraceId
from opentraces.entrypoints.cli.documents.bucket import audit_document
from opentraces.entrypoints.cli.documents.imported import imported_document
from opentraces.entrypoints.cli.documents.trace import restored_document


@pytest.mark.parametrize("name", ["/a/\udcff", "/a/\ud800"], ids=["byte", "half"])  # noqa: PT014
def test_a_name_that_is_no_text_is_written_as_well_as_can_be(name: str) -> None:
    documents = [
        imported_document(Imported(failed=[Left(name, name)], skipped=[Left(name, name)])),
        restored_document(Restored(TraceId("t"), (name,), 1)),
        audit_document(Audit(1, 1, 1, (Problem("missing", name, None),))),
    ]

    for document in documents:
        assert "/a/\ufffd" in orjson.dumps(document).decode()
