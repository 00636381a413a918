"""What happened in a session: what was asked for, read, changed, run, and what came of it."""
