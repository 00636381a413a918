"""Pieces of a session that stand alone: bounded evidence, small enough for a prompt."""
