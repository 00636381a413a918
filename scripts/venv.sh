#!/bin/sh
# Make the virtual environment $1 with the newest Python here that can make one.
set -eu
for python in python3.13 python3.12 python3.11 python3; do
    # Asked by running it: a name on the path may be a shim with nothing behind it.
    if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" -m venv "$1"
    fi
done
echo "opentraces needs Python 3.11 or newer with its venv module (on Debian: apt-get install python3-venv)" >&2
exit 1
