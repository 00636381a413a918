"""The rows of tests/data/hermes, and lines of a database, as sources."""

from pathlib import Path

from opentraces.adapters.hermes.database import open_copy
from opentraces.adapters.hermes.inflated import inflated_pieces
from opentraces.adapters.hermes.sessions import HermesSessions
from opentraces.domain.session import FoundSession, Scope
from tests.contracts.trace_parser import Source
from tests.hermes_agent import DATA, NEWEST, SCHEMAS, Store, told, tool_calls

VERSIONS = sorted(SCHEMAS)
SESSION = "20261123_045433_ab12cd"


def sessions_in(passing: Path, *homes: Path) -> HermesSessions:
    """Return what finds sessions in homes."""
    return HermesSessions(homes, passing, inflated_pieces, open_copy)


def source_of(agent: HermesSessions, found: FoundSession) -> Source:
    """Return a session as a source, with its note."""
    file = found.files[0]
    notes = {each.name: b"".join(agent.read(each, 0)) for each in found.files[1:]}
    return Source(file, b"".join(agent.read(file, 0)), notes)


def every_row(folder: Path = DATA) -> dict[str, Source]:
    """Return every row of the files in a folder, by its place in it."""
    agent = sessions_in(folder)
    return {
        found.location.removeprefix(f"{folder}/"): source_of(agent, found)
        for found in agent.discover(Scope(places=(str(folder),)))
    }


def stored(folder: Path, version: int = NEWEST) -> Source:
    """Return a session of a database, with all that a session may hold."""
    store = Store(folder / "state.db", version)
    told(store, SESSION)
    store.say(SESSION, "user", '\0json:[{"type":"text","text":"look"},{"type":"image_url"}]')
    both = tool_calls(("call_2", "terminal", {"command": "ls"}), ("call_3", "read_file", "{bad"))
    store.say(SESSION, "assistant", None, tool_calls=both)
    store.say(SESSION, "tool", "Error: no such file\nat all", tool_call_id="call_3")
    store.say(SESSION, "user", "never mind", active=0)
    store.say(SESSION, "tool", "a.c", tool_call_id="call_2")
    store.say(SESSION, "tool", "of nobody", tool_call_id="call_9")
    store.execute("UPDATE messages SET active = 0, compacted = 1 WHERE active = 1")
    store.say(SESSION, "user", "[CONTEXT SUMMARY]: it builds")
    store.say(SESSION, "assistant", "It builds.", finish_reason="stop", timestamp=1763873678.0)
    agent = sessions_in(folder, folder)
    (found,) = agent.discover(Scope())
    source = source_of(agent, found)
    store.close()
    return source
