"""A GitHub to practise on: github.com or Enterprise Server over real HTTP, from plain dicts."""

from connectors.github.simulator.application import application
from connectors.github.simulator.host import Fault, GitHubHost
from connectors.github.simulator.native import issue, milestone, project, project_values

__all__ = ["Fault", "GitHubHost", "application", "issue", "milestone", "project", "project_values"]
