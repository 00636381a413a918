"""The scripts that agents run: copied into the agents' own folders, standard library only."""
