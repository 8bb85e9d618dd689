"""GitHub and GitHub Enterprise Server: repositories, with or without a Project, or a Project alone."""

from connectors.github.client import connect
from connectors.github.options import Options
from connectors.github.webhook import receive

__all__ = ["Options", "connect", "receive"]
