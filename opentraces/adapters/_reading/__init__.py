"""What the readers of all agents' formats have in common."""
