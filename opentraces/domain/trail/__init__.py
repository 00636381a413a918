"""The trail: every change a session made to a file, and what became of it in Git."""
