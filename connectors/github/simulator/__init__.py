"""A GitHub to practise on: github.com or Enterprise Server over real HTTP, from plain dicts."""

from connectors.github.simulator.application import application
from connectors.github.simulator.fault import Fault
from connectors.github.simulator.host import GitHubHost
from connectors.github.simulator.native import event, issue, milestone, project, project_values

__all__ = ["Fault", "GitHubHost", "application", "event", "issue", "milestone", "project", "project_values"]
