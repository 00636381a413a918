"""Processes of our own that go on when a command has ended."""
