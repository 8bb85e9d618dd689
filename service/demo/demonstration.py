"""The demonstration put up: story, trackers, and the environment its product file asks for."""

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from datetime import date

from starlette.types import ASGIApp

from connectors.github.simulator import application as github_application
from connectors.jira.simulator import application as jira_application
from service.demo.addresses import Addresses
from service.demo.environment import EMAIL, environment_of
from service.demo.story import tell
from service.demo.trackers.github import github_host
from service.demo.trackers.jira import cloud_site, datacenter_site
from service.demo.trackers.served_trackers import address, listen, serving


@contextlib.contextmanager
def trackers(today: date) -> Iterator[Mapping[str, str]]:
    """Serves the story's trackers; gives the environment variables that PRODUCT_FILE names.

    The tokens are made anew each time: nothing that was left behind opens them.
    """
    story = tell(today)
    sockets = listen(3)
    addresses = Addresses(*(address(one) for one in sockets))
    tokens = {name: secrets.token_hex(16) for name in ("online", "backoffice", "github")}
    applications: list[ASGIApp] = [
        jira_application(cloud_site(story, addresses, EMAIL, tokens["online"])),
        jira_application(datacenter_site(story, addresses, tokens["backoffice"])),
        github_application(github_host(story, addresses, tokens["github"])),
    ]
    with serving(applications, sockets):
        yield environment_of(addresses, tokens)
