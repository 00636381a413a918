"""What the model saw, out of the lines of a rollout."""
