"""Our hooks in Claude Code's settings: put in and taken out, and nothing else of them changed."""
