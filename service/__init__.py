"""attune: one plan over several teams' trackers."""

__version__ = "0.1.0"
