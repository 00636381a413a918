"""Every command: where it is, and what it does in a line. Read before click, so plain."""

from opentraces.entrypoints.cli.exit_codes import MEANINGS

GROUPS = {
    "trace": "Find, read, restore and delete kept traces.",
    "trail": "Say what sessions changed, and what became of it in Git.",
    "ctx": "Say what the model saw at each step.",
    "capture-otlp": "Receive what agents tell of themselves while they work.",
    "bucket": "Check, mend, clean and copy what is kept.",
}

_CLI = "opentraces.entrypoints.cli"

COMMANDS = {
    "init": (f"{_CLI}.init:init", "Capture what agents do in this repository."),
    "remove": (f"{_CLI}.remove:remove", "Capture nothing more in this repository."),
    "setup": (f"{_CLI}.setup:setup", "Install the hooks that tell us what an agent does."),
    "import": (f"{_CLI}.importing:import_sessions", "Keep sessions that agents left behind."),
    "status": (f"{_CLI}.status:status", "Say what is captured and kept of this repository."),
    "doctor": (f"{_CLI}.doctor:doctor", "Say what is installed, what is kept, what is wrong."),
    "trace query": (f"{_CLI}.trace.query:query", "Find traces; without text the newest first."),
    "trace get": (f"{_CLI}.trace.get:get", "Read a trace, or steps of it."),
    "trace map": (f"{_CLI}.trace.map:map_", "Show what happened in a trace, and what came of it."),
    "trace slice": (f"{_CLI}.trace.slice:slice_", "Cut a trace into evidence for a prompt."),
    "trace tail": (f"{_CLI}.trace.tail:tail", "Show the end of the session being worked on."),
    "trace skills": (f"{_CLI}.trace.skills:skills", "List skills and tools, and how they fared."),
    "trace restore": (f"{_CLI}.trace.restore:restore", "Write the agent's own files again."),
    "trace delete": (f"{_CLI}.trace.delete:delete", "Remove a trace for good."),
    "trail show": (f"{_CLI}.trail.show:show", "Show what a trace changed, and what is left of it."),
    "trail blame": (f"{_CLI}.trail.blame:blame", "Name the step that wrote each line."),
    "trail graph": (f"{_CLI}.trail.graph:graph", "Show commits with the sessions behind them."),
    "trail status": (f"{_CLI}.trail.status:status", "Say how many changes are committed."),
    "trail pr": (f"{_CLI}.trail.pr:pr", "Describe commits by their prompts, as Markdown."),
    "ctx show": (f"{_CLI}.ctx.show:show", "Show what the model saw at a step."),
    "ctx diff": (f"{_CLI}.ctx.diff:diff", "Say what entered and left the window."),
    "ctx compactions": (f"{_CLI}.ctx.compactions:compactions", "Show compactions, both sides."),
    "ctx tree": (f"{_CLI}.ctx.tree:tree", "Draw how windows follow from one another."),
    "ctx tokens": (f"{_CLI}.ctx.tokens:tokens", "Say what fills the window, by size."),
    "ctx handover": (f"{_CLI}.ctx.handover:handover", "Tell any agent of a session, as Markdown."),
    "ctx resume": (f"{_CLI}.ctx.resume:resume", "Go on with a session from one of its steps."),
    "usage": (f"{_CLI}.usage:usage", "Say what sessions used, and what that costs."),
    "export": (f"{_CLI}.export:export", "Hand traces on in a form that others read."),
    "capture-otlp start": (f"{_CLI}.capture_otlp.start:start", "Start what receives telemetry."),
    "capture-otlp stop": (f"{_CLI}.capture_otlp.stop:stop", "End it."),
    "capture-otlp restart": (f"{_CLI}.capture_otlp.restart:restart", "End it and start it anew."),
    "capture-otlp status": (f"{_CLI}.capture_otlp.status:status", "Say whether it runs."),
    "capture-otlp flush": (f"{_CLI}.capture_otlp.flush:flush", "Keep what came of a session."),
    "bucket status": (f"{_CLI}.bucket.status:status", "Say how much is kept, and how large it is."),
    "bucket path": (f"{_CLI}.bucket.path:path", "Say where traces are kept."),
    "bucket verify": (f"{_CLI}.bucket.verify:verify", "Check every stored byte."),
    "bucket repair": (f"{_CLI}.bucket.repair:repair", "Mend what is damaged."),
    "bucket gc": (f"{_CLI}.bucket.gc:gc", "Remove what nothing needs any more."),
    "bucket snapshot": (f"{_CLI}.bucket.snapshot:snapshot", "Copy all that is kept."),
    "ingest": (f"{_CLI}.ingest:ingest", "Keep what hooks wrote down; they run it themselves."),
    "uninstall": (f"{_CLI}.uninstall:uninstall", "Take everything of ours off this machine."),
    "completion": (f"{_CLI}.completion:completion", "Print the completion script of a shell."),
}
"""By the words that call it: `module:name`, and its summary."""

_HEAD = """\
Usage: opentraces [OPTIONS] COMMAND [ARGS]...

Keep coding-agent sessions verbatim in a private bucket, and find them again.

Begin with:
  opentraces import --all
  opentraces trace query "what you remember of it"

Commands:
"""

_OPTIONS = """
Options:
  --debug     Show where an error comes from.
  --version   Print the version.
  -h, --help  Print this; after a command, what it takes.

Exit codes:
"""


def overview() -> str:
    """Return the help of the program as a whole."""
    width = max(map(len, COMMANDS)) + 2
    rows = "".join(f"  {name:{width}}{text}\n" for name, (_, text) in COMMANDS.items())
    codes = "".join(f"  {code:<5}{meaning}\n" for code, meaning in MEANINGS.items())
    return _HEAD + rows + _OPTIONS + codes


def below(prefix: str) -> dict[str, str]:
    """Return the commands and groups right below a prefix, with their summaries."""
    summaries: dict[str, str] = {}
    for name, (_, summary) in COMMANDS.items():
        if name.startswith(prefix):
            word, _, rest = name.removeprefix(prefix).partition(" ")
            summaries[word] = GROUPS[prefix + word] if rest else summary
    return summaries
