"""Codex CLI sessions."""
