"""Whatever a call was given and gave back: its changes can be written down, or there are none."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters._reading.changed_files import changes_of
from opentraces.adapters.hermes.drafts import Draft
from opentraces.adapters.hermes.file_changes import take_changes
from opentraces.domain.ids import StepKey
from tests.strategies import JSON_VALUES

_GIVEN = ("path", "mode", "content", "old_string", "new_string", "patch")
_RESULT = ("success", "no_change", "bytes_written", "diff", "resolved_path", "files_modified")
_USUAL = st.sampled_from(
    ["replace", "patch", "a", "*** Begin Patch\n*** Add File: b\n+x\n", "@@ -1 +1 @@\n-a\n+b\n"]
)


def _said(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    values = JSON_VALUES | _USUAL | st.booleans()
    return st.dictionaries(st.sampled_from(keys), values, max_size=len(keys))


@given(st.sampled_from(["patch", "write_file", "read_file"]), _said(_GIVEN), _said(_RESULT))
def test_no_value_does_harm(tool: str, said: dict[str, Any], result: dict[str, Any]) -> None:
    draft = Draft(0, StepKey("k"), "agent", 0)
    draft.call("c", tool, said)

    take_changes(draft, "c", result, None)

    for change in changes_of(draft.changes):
        assert change.path
        assert change.hunks or change.operation != "edit"
