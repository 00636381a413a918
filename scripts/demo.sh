#!/usr/bin/env bash
# Import, search, read: into a home of its own, made anew. The agents' own files are only read.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
export PATH="$here/.venv/bin:$PATH" OPENTRACES_HOME="$here/.demo"
rm -rf "$here/.demo"

say() { printf '\n\033[1m$ opentraces %s\033[0m\n' "$*"; }
shown() { say "$@"; opentraces "$@" | sed -n '1,60p'; }
# Print what the Python expression $1 makes of `d`, the JSON on standard input.
pick() { python -c "import json, re, sys; d = json.load(sys.stdin); print($1)"; }

echo "Looking for coding-agent sessions on this machine (they are read, never changed) …"
report=$(opentraces import --all --json || true)
if [ "$(pick 'd["kept"]' <<<"$report")" -gt 0 ]; then
    say import --all
    pick '"{kept} sessions kept, {n} left out".format(n=len(d["failed"]) + len(d["skipped"]), **d)' <<<"$report"
    # A word of the newest title is a word that is there to be found.
    words=$(opentraces trace query --limit 1 --json |
        pick '" ".join(re.findall(r"[^\W\d_]{4,}", d["hits"][0]["title"] or ""))')
else
    echo "None here: taking the sample that comes with opentraces."
    shown import "$here"/opentraces/sample/claude-code/projects/*/*.jsonl
    words='"sub function"'
    set -- "$words"
fi

shown bucket status
shown trace query --limit 5

[ $# -gt 0 ] || for word in $words; do
    [ "$(opentraces trace query "$word" --json | pick 'd["total"]')" -eq 0 ] || { set -- "$word"; break; }
done
shown trace query "$@" --limit 3
trace=$(opentraces trace query "$@" --limit 1 --json | pick 'd["hits"][0]["trace_id"]')
shown trace get "$trace"

printf '\nAll of it is in %s; "make clean" removes it.\n' "$OPENTRACES_HOME"
