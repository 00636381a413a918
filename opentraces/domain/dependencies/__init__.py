"""What a project is built on: read out of manifests, of lock files, and of commands."""
