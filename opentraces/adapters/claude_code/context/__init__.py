"""What the model saw, as far as the lines of a transcript tell it."""
