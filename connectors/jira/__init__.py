"""Jira Cloud and Jira Data Center: one project, or a filter on it."""

from connectors.jira.client import connect
from connectors.jira.options import Options
from connectors.jira.webhook import receive

__all__ = ["Options", "connect", "receive"]
