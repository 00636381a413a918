"""The real agents, driven by a scripted model on loopback."""
