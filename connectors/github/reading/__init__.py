"""A read of one source: full scan, delta, and where it stands."""
