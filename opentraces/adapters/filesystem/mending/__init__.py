"""What a repair does to files."""
