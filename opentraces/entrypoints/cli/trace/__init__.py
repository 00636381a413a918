"""The commands of `opentraces trace`, one a module."""
