"""The Codex CLI: where it keeps its sessions, and what its rollout files mean."""
