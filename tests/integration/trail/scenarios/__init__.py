"""What people and agents do with Git, one story at a time."""
