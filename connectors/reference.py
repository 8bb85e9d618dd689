"""Every form that a reference to an item takes, and what it means: tracker, site, container, number.

The forms are those of connectors/item.py, what people write ("ONL-12", "#12", "acme/web#12") and the
addresses under which a browser shows an issue. No other module knows them. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

Tracker = Literal["jira", "github"]

HAS_SITE = "%://%"
"""As SQL's LIKE: canonical references; the others do not say on which site they live."""
IS_NATIVE_ID = "%/id/%"
IS_NUMBERED = "%#%"
"""A repository's owner may be called "id": an issue's name there holds ``/id/`` too, and this sign."""
IS_MILESTONE = "%/milestone/%"

_END = r"(?!-?[^\W_])"
_KEY = rf"[A-Za-z][A-Za-z0-9_]{{1,254}}+-[1-9][0-9]{{0,8}}{_END}"
_SEPARATORS: Mapping[str, str] = {"jira": "-", "github": "#"}


@dataclass(frozen=True, slots=True)
class Reference:
    """An item by what people call it. ``site`` is None where that is not said.

    ``container`` is a Jira project's key, or a GitHub repository ("acme/web").
    """

    tracker: Tracker
    site: str | None
    container: str
    number: str

    def __str__(self) -> str:
        """Canonical: ``jira://SITE/ONL-12``, ``github:acme/web#12``."""
        place = "" if self.site is None else f"//{self.site}/"
        return f"{self.tracker}:{place}{self.key}"

    @property
    def key(self) -> str:
        """What people say: ``ONL-12``, ``acme/web#12``."""
        return f"{self.container}{_SEPARATORS[self.tracker]}{self.number}"

    @property
    def prefix(self) -> str:
        """What a source holds, as in ``Capabilities.holds``: ``jira://SITE/ONL``; of one with a site."""
        return f"{self.tracker}://{self.site}/{self.container}"

    @property
    def spellings(self) -> tuple[str, ...]:
        """How links name it that do not say its site: by its key, or by a key not in upper case."""
        bare = f"{self.tracker}:{self.key}"
        return tuple(dict.fromkeys((bare, bare.lower())))


def parse(ref: str) -> Reference | None:
    """Of a reference by name, with or without a site; None for a tracker's own id and for a milestone."""
    tracker, _, rest = ref.partition(":")
    if tracker not in _SEPARATORS:
        return None
    place, _, name = rest.removeprefix("//").rpartition("/")
    if tracker == "github":
        place, _, owner = place.rpartition("/")
        name = f"{owner}/{name}"
    container, _, number = name.rpartition(_SEPARATORS[tracker])
    if not container or not (number.isascii() and number.isdecimal()):
        return None
    site = place if rest.startswith("//") else None
    return Reference("jira" if tracker == "jira" else "github", site, container, number)


def settle(ref: str, home: str, held: Iterable[str]) -> str | None:
    """``jira:ONL-12`` → ``jira://SITE/ONL-12``; None when it stays open which one is meant.

    ``home`` is the site of the text. ``held`` are the canonical prefixes of all sources
    (``jira://SITE/ONL``). The text's own site comes first, else the only source that has the
    project; if several have it, the reference is unresolved (rulebook, Edges). A reference that
    says its site is answered as it is.
    """
    named = parse(ref)
    if named is None or named.site is not None:
        return ref
    container = named.container.upper() if named.tracker == "jira" else named.container
    having = {
        prefix
        for prefix in held
        if prefix.startswith(f"{named.tracker}://") and prefix.endswith(f"/{container}")
    }
    own = f"{named.tracker}://{home}/{container}"
    if own not in having and len(having) != 1:
        return None
    prefix = own if own in having else having.pop()
    return f"{prefix}{_SEPARATORS[named.tracker]}{named.number}"


def is_certain(ref: str) -> bool:
    """Whether it can only be a reference. "covid-19" is one only if a source has such a project."""
    named = parse(ref)
    return named is None or named.site is not None or named.tracker != "jira" or named.key.isupper()


# ---- What people write --------------------------------------------------------------------------------


class TextLocation(NamedTuple):
    """Where a text stands. ``repository`` is "owner/name" in lower case; None in Jira."""

    site: str
    tracker: Tracker
    repository: str | None


WRITTEN = (
    rf"(?P<far>[A-Za-z0-9][A-Za-z0-9-]{{0,38}}+/[A-Za-z0-9._-]{{1,100}}+\#[1-9][0-9]{{0,8}}{_END})"
    rf"|\#(?P<near>[1-9][0-9]{{0,8}}{_END})"
    rf"|(?P<key>{_KEY})"
)
"""To be compiled with ``re.ASCII``; ``read_written`` reads what it matches."""

_GITHUB_KEY = re.compile(r"GH-([0-9]+)", re.IGNORECASE)
_SIGN = re.compile(
    r"#[1-9]|-(?<=[A-Za-z0-9_]-)[1-9]|\u2011(?<=[A-Za-z0-9_]\u2011)[1-9]"
    r"|/browse/|/issues/|=(?<=selectedIssue=)|=(?<=[?&]issue=)"
)
"""Every alternative begins with one of ``_SIGN_LETTERS``: what lies between them is skipped fast."""
_SIGN_LETTERS = "#-\u2011/="


def may_hold_references(text: str) -> bool:
    """A cheap look: False is certain."""
    return any(map(text.__contains__, _SIGN_LETTERS)) and _SIGN.search(text) is not None


def read_written(written: re.Match[str], location: TextLocation) -> str | None:
    """What a match of ``WRITTEN`` means; None for a bare number outside GitHub.

    A key that is not written in upper case is kept in lower case, see ``is_certain``.
    """
    if written["far"]:
        return f"github:{written['far'].lower()}"
    number = written["near"]
    if written["key"]:
        own = _GITHUB_KEY.fullmatch(written["key"]) if location.repository else None
        if own is None:
            return f"jira:{written['key'] if written['key'].isupper() else written['key'].lower()}"
        number = own[1]
    return f"github://{location.site}/{location.repository}#{number}" if location.repository else None


# ---- Addresses ----------------------------------------------------------------------------------------

_KEY_ALONE = re.compile(_KEY, re.ASCII)
_APP = r"/jira/(?:software|core|servicedesk|polaris|discovery|product-discovery)(?:/c)?"
_KEY_PAGE = re.compile(
    rf"(?P<context>(?:/.+?)??)(?:{_APP})?/(?:browse|issues|(?:projects/\w+|servicedesk|plugins/servlet)"
    rf"(?:/(?!repos/)[^/]{{1,100}}){{0,5}})/(?P<key>{_KEY})",
    re.ASCII,
)
"""Also queues ("projects/HELP/queues/custom/1/HELP-7"), portals ("servicedesk/customer/portal/3/HELP-7")."""

_CLOUD_PAGE = re.compile(
    rf"(?P<context>(?:/.+?)??)(?:{_APP}/projects|/jira/(?:software|core|for-you|your-work|plans|dashboards|people|apps"
    r"|polaris|discovery|product-discovery|goals|projects-directory))(?:/.*)?"
)
_SERVER_PAGE = re.compile(
    r"(?P<context>(?:/.+?)??)/(?:browse|issues|projects|secure|servicedesk|plugins/servlet)(?:/.*)?"
)
_CLOUD_HOSTS = (".atlassian.net", ".jira.com", ".jira-dev.com")
"""Their sites have no context path: a leading ``/jira`` is part of the page's own address."""

_ISSUE_PAGE = re.compile(r"/(?P<repository>[\w.-]+/[\w.-]+)/issues/(?P<number>[1-9][0-9]{0,8})", re.ASCII)
_PULL_REQUEST_PAGE = re.compile(r"https?://[^/\s]+/[\w.-]+/[\w.-]+/pull/\d", re.IGNORECASE)
_PANE = re.compile(r"(?P<repository>[\w.-]+\|[\w.-]+)\|(?P<number>[1-9][0-9]{0,8})", re.ASCII)
_NAMES_OF_GITHUB = ("www.github.com", "redirect.github.com")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_TRAILING = " \t.,;:!?)*_~'\"’”»"


def page_reference(url: str) -> str | None:
    """The issue that an address shows, canonical. Its host and context path name the site.

    None for what is no issue of some Jira or GitHub: another page, a pull request, no address.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
        return None
    host = _host(parts)
    path = re.sub("/{2,}", "/", unquote(parts.path)).rstrip("/" + _TRAILING)
    query = parse_qs(parts.query)
    return _github_issue(host, path, query) or _jira_issue(host, path, query)


def is_pull_request(url: str) -> bool:
    return _PULL_REQUEST_PAGE.match(url) is not None


def _host(parts: SplitResult) -> str:
    """As in canonical references: in lower case, without what a browser does not show."""
    host = parts.netloc.rpartition("@")[2].lower()
    host = host.removesuffix(_DEFAULT_PORTS[parts.scheme]).removesuffix(".")
    return "github.com" if host in _NAMES_OF_GITHUB else host


def _github_issue(host: str, path: str, query: Mapping[str, list[str]]) -> str | None:
    """The one that a pane beside a board or list shows comes before the page's own."""
    pane = _PANE.fullmatch(_last(query, "issue"))
    shown = pane or _ISSUE_PAGE.fullmatch(path)
    if shown is None:
        return None
    repository = shown["repository"].replace("|", "/").lower()
    return f"github://{host}/{repository}#{shown['number']}"


def _jira_issue(host: str, path: str, query: Mapping[str, list[str]]) -> str | None:
    selected = _KEY_ALONE.fullmatch(_last(query, "selectedIssue"))
    if selected:
        key, page = selected[0], _CLOUD_PAGE.fullmatch(path) or _SERVER_PAGE.fullmatch(path)
    else:
        page = _KEY_PAGE.fullmatch(path)
        key = page["key"] if page else ""
    if page is None:
        return None
    context = page["context"].lower()
    if host.endswith(_CLOUD_HOSTS):
        if context not in ("", "/jira"):
            return None
        context = ""
    return f"jira://{host}{context}/{key.upper()}"


def _last(query: Mapping[str, list[str]], name: str) -> str:
    return query[name][-1].strip(_TRAILING) if name in query else ""
