"""agentsview, a program of others that does part of the same work: ours beside it in one run."""
