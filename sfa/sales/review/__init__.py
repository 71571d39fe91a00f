"""The pipeline review: what changed between two moments, read from the journal."""
