"""What ties a patch to a commit, in words. Imports no models."""

from typing import Literal

EvidenceTier = Literal[
    "exact_blob_hash",
    "exact_range_hash",
    "git_clean_range_hash",
    "patch_id",
    "structural_symbol",
    "formatter_divergent",
    "overlapping_hunk",
    "time_file_overlap",
    "orphan",
    "unknown",
]
"""What ties a patch to a commit, strongest first: the whole file is equal; its lines are; they are
after Git's clean filters; the diffs are; a symbol is; the text but for its format is. We stop
there: the last four are read from others' records and never written by us."""

EvidenceFirmness = Literal[
    "firm_observed",
    "provisional",
    "human_asserted",
    "rule_inferred",
    "model_inferred",
    "statistically_inferred",
    "unknown",
]
"""How the evidence came about: seen in bytes; seen, and open to revision; said by a person;
concluded by a rule, by a model, from frequencies; not known."""
