"""Pi: its sessions, read as they stand on this machine."""
