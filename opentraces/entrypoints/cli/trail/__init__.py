"""The commands of `opentraces trail`, one a module."""
