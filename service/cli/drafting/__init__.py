"""A product file drafted from what the trackers hold: for ``attune init``."""
