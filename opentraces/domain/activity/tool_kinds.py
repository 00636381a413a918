"""What tools are for, by the names that agents give them."""

import re
from collections.abc import Mapping

from opentraces.domain.activity.deed import Deed


def _names(names: str, deed: Deed) -> dict[str, Deed]:
    return dict.fromkeys(names.split(), deed)


_KINDS: Mapping[str, Deed] = {
    **_names("read view view_image notebookread read_file read_many_files readfile", Deed.READ),
    **_names(
        "grep glob ls find search list_dir list_files search_files websearch web_search webfetch "
        "web_fetch toolsearch tool_search web_extract session_search codebase_search",
        Deed.SEARCH,
    ),
    **_names(
        "edit multiedit write notebookedit apply_patch patch write_file create_file replace "
        "str_replace edit_file",
        Deed.EDIT,
    ),
    **_names(
        "todowrite todoread todo update_plan exitplanmode enterplanmode taskcreate taskupdate "
        "tasklist taskget create_goal update_goal",
        Deed.PLAN,
    ),
    **_names("task agent spawn_agent delegate_task subagent spawn_agents_on_csv", Deed.SUBAGENT),
}
"""By the name in lower case; whatever runs commands is not here, for that depends on the
command."""

_NAMESPACES = re.compile(r"__|\.")
"""What stands between a tool and where it comes from: `collaboration.spawn_agent`."""


def kind_of(tool: str) -> Deed | None:
    """Return what a tool is for. None: its name does not tell, or it runs commands.

    A tool of an MCP server is of no kind: its name may mean anything there.
    """
    name = tool.lower()
    if name.startswith("mcp__"):
        return None
    return _KINDS.get(_NAMESPACES.split(name)[-1] or name)
