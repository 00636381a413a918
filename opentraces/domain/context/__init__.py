"""What the model saw: layers and nodes of a session's Context Tree."""
