"""Results as lines of text, one module a result."""
