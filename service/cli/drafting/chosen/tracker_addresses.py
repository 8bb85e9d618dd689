"""Trackers' addresses as people paste them, into those of their APIs. Pure."""

import re
from urllib.parse import urlsplit

from service.cli.drafting.chosen.chosen_source import UnclearChoice

GITHUB = "https://api.github.com"
_PAGES = re.compile(
    r"/(browse|projects|secure|issues|jira/(software|core|servicedesk|for-you|projects))(/|$).*"
)


def host(url: str) -> str:
    """With its port, in lower case."""
    return urlsplit(url).netloc.lower()


def is_cloud(site: str) -> bool:
    """Whether a Jira's address tells that it is Atlassian's own."""
    name = (urlsplit(site).hostname or "").lower()
    return name == "api.atlassian.com" or name.endswith((".atlassian.net", ".jira.com"))


def jira_site(address: str) -> str:
    """Of any of its pages. Raises UnclearChoice."""
    url = _url(address, "https://acme.atlassian.net")
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{_PAGES.sub('', parts.path)}".rstrip("/")


def github_repository(address: str, api: str) -> tuple[str, str]:
    """(API, owner/name) of ``acme/stores``, which is at ``api``, or of a page. Raises UnclearChoice."""
    if "://" not in address:
        return api, address.strip().strip("/")
    parts = urlsplit(_url(address, "https://github.com/acme/stores"))
    named = "/".join(parts.path.strip("/").split("/")[:2]).removesuffix(".git")
    return _api(parts.scheme, parts.netloc.lower()), named


def _api(scheme: str, netloc: str) -> str:
    if netloc in ("github.com", "www.github.com", "api.github.com"):
        return GITHUB
    if netloc.endswith(".ghe.com"):
        return f"{scheme}://api.{netloc.removeprefix('api.')}"
    return f"{scheme}://{netloc}/api/v3"


def _url(address: str, example: str) -> str:
    text = address.strip()
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
        is_sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_sound = False
    if not is_sound:
        raise UnclearChoice(f"expected an address such as {example}")
    if parts.username or parts.password:
        raise UnclearChoice("an address holds no credential; expected it in an environment variable")
    return url
