"""The usage ledger in SQLite."""
