"""`python -m opentraces`."""

import sys

from opentraces.entrypoints.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
