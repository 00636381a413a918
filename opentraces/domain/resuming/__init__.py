"""Going on with a session from one of its steps."""
