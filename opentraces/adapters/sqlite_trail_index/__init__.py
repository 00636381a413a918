"""What is noted of trails, in SQLite."""
