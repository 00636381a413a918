"""What the model saw: out of a session's entries, and out of what the extension wrote down."""
