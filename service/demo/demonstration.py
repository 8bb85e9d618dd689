"""The demonstration put up: story, trackers, and the environment its product file asks for."""

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from starlette.types import ASGIApp

from connectors.github.simulator import application as github_application
from connectors.jira.simulator import application as jira_application
from service.demo.story import tell
from service.demo.trackers.addresses import Addresses
from service.demo.trackers.github import github_host
from service.demo.trackers.jira import cloud_site, datacenter_site
from service.demo.trackers.serve import address, listen, serving

PRODUCT_FILE = Path(__file__).with_name("product.yaml")
TIMEZONE = "Europe/Amsterdam"  # the product file's

_EMAIL = "attune@veldhuis.example"


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
        jira_application(cloud_site(story, addresses, _EMAIL, tokens["online"])),
        jira_application(datacenter_site(story, addresses, tokens["backoffice"])),
        github_application(github_host(story, addresses, tokens["github"])),
    ]
    with serving(applications, sockets):
        yield _environment(addresses, tokens)


def no_environment() -> Mapping[str, str]:
    """Makes PRODUCT_FILE readable where no tracker is asked."""
    nowhere = Addresses("http://127.0.0.1:1", "http://127.0.0.1:1", "http://127.0.0.1:1")
    return _environment(nowhere, {"online": "none", "backoffice": "none", "github": "none"})


def _environment(addresses: Addresses, tokens: Mapping[str, str]) -> dict[str, str]:
    return {
        "DEMO_ONLINE_URL": addresses.online,
        "DEMO_ONLINE_EMAIL": _EMAIL,
        "DEMO_ONLINE_TOKEN": tokens["online"],
        "DEMO_BACKOFFICE_URL": addresses.backoffice,
        "DEMO_BACKOFFICE_TOKEN": tokens["backoffice"],
        "DEMO_GITHUB_URL": addresses.github,
        "DEMO_GITHUB_TOKEN": tokens["github"],
    }
