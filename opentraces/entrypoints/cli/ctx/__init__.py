"""The commands of `opentraces ctx`, one a module."""
