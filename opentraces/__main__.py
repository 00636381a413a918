"""`python -m opentraces`."""

from opentraces.entrypoints.cli.entry import main

if __name__ == "__main__":
    main()
