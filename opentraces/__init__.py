"""Capture coding-agent sessions into a private bucket, and search them."""

__version__ = "0.1.0"
