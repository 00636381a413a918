"""Invented Claude Code sessions: any amount of them, the same bytes for the same seed."""
