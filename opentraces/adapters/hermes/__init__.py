"""The Hermes agent: rows of trajectories, and the database of its sessions. Import only."""
