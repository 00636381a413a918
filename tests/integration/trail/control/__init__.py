"""Repositories in which it is known who wrote each line: agents, people and machines."""
