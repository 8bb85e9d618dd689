"""GitHub's records into items. Pure."""
