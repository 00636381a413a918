"""What databases in SQLite have in common."""
