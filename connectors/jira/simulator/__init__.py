"""A Jira to practise on: Cloud or Data Center over real HTTP, from issues as Jira writes them."""

from connectors.jira.simulator.application import application
from connectors.jira.simulator.faults import Fault
from connectors.jira.simulator.fields import DEFAULT_FIELDS
from connectors.jira.simulator.native import Flavour, Link, Sprint, Ticket, issue, link, remote_link, version
from connectors.jira.simulator.site import JiraSite

__all__ = [
    "DEFAULT_FIELDS",
    "Fault",
    "Flavour",
    "JiraSite",
    "Link",
    "Sprint",
    "Ticket",
    "application",
    "issue",
    "link",
    "remote_link",
    "version",
]
