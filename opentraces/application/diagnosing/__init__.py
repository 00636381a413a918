"""Looking at an installation, one thing a module."""
