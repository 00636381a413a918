"""The commands of `opentraces bucket`, one a module."""
