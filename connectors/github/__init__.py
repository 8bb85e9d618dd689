"""GitHub and GitHub Enterprise Server: one repository, with or without a Project."""

from connectors.github.client import connect
from connectors.github.options import Options
from connectors.github.webhook import receive

__all__ = ["Options", "connect", "receive"]
