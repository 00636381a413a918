"""Full-text search by Tantivy."""
