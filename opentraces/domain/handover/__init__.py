"""What another agent needs to know to go on with a session."""
