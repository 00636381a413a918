"""The commands of `opentraces capture-otlp`, one a module."""
