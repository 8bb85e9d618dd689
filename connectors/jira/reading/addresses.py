"""Under which address people know a site, and under which older names its project's issues go."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from connectors.jira.options import Options
from connectors.jira.parse.issue import Site

Json = Mapping[str, Any]
_OWN_HOSTS = ("localhost", "127.", "0.0.0.0", "[::1]")  # noqa: S104 - nothing is bound to it
_PORTS = {"http": ":80", "https": ":443"}


def site_of(options: Options, info: Json) -> Site:
    """The product file's ``public_url``, else the server's own base URL, else the address we talk to.

    A base URL that names the server's own machine is nothing that anybody else's link would hold.
    """
    base = str(info.get("baseUrl") or "").strip().rstrip("/")
    is_credible = _is_web(base) and (not _is_own_host(base) or _is_own_host(options.url))
    shown = options.public_url or (base if is_credible else options.url)
    return Site(site_name(shown), shown + "/browse/")


def site_name(url: str) -> str:
    """As in canonical references: the host as a browser shows it, and the context path."""
    parts = urlsplit(url.rstrip("/"))
    return (parts.netloc.removesuffix(_PORTS.get(parts.scheme, "")) + parts.path).lower()


def project_keys(options: Options, project: Json) -> Sequence[str]:
    """Its present key first, then those it had before, one of which the product file may still name."""
    former = project.get("projectKeys")
    listed = former if isinstance(former, list) else ()
    return list(
        dict.fromkeys(str(key).upper() for key in (project.get("key"), options.project, *listed) if key)
    )


def aliases_of(site: Site, options: Options, keys: Sequence[str]) -> Mapping[str, str]:
    """Prefixes of the same issues: under the address we talk to, and under the project's former keys."""
    names = dict.fromkeys((site.name, site_name(options.url)))
    present = f"jira://{site.name}/{keys[0]}"
    prefixes = (f"jira://{name}/{key}" for name in names for key in keys)
    return {prefix: present for prefix in prefixes if prefix != present}


def _is_web(url: str) -> bool:
    parts: SplitResult = urlsplit(url)
    return parts.scheme in _PORTS and bool(parts.hostname)


def _is_own_host(url: str) -> bool:
    return urlsplit(url).netloc.lower().startswith(_OWN_HOSTS)
