"""Our hooks in an agent's file of hooks: put in and taken out, and nothing else of it changed."""
