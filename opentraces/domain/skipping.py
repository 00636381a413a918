"""Why the bytes of a session are kept and it is no trace."""

NOTHING_SAID = "nothing typed and no model's line in it (bytes kept)"
"""It was opened, and nobody said anything."""

NOTHING_RECOGNISED = "no line of it was recognised: the agent may have changed its format"
"""Somebody must look at it: what should be a trace is none."""

DELETED = "it was deleted from the bucket, and stays so"
"""Its trace was deleted, and nothing of it is kept."""
