"""The issue that an address in a browser shows, as a canonical reference (connectors/item.py). Pure."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

END = r"(?!-?[^\W_])"
KEY = rf"[A-Z][A-Z0-9_]{{1,254}}+-[1-9][0-9]{{0,8}}{END}"

_JIRA_PAGE = re.compile(
    rf"(?P<context>.*)/browse/(?P<key>{KEY})/?"
    rf"|(?P<board>.*?)(?:/jira/(?:software|core|servicedesk)(?:/c)?)?/projects/\w+/issues/(?P<listed>{KEY})/?",
    re.IGNORECASE,
)
_JIRA_BOARD = re.compile(r"(?P<context>.*?)/(?:jira/(?:software|core)|secure|projects)/.*", re.IGNORECASE)
_SELECTED = re.compile(rf"(?:^|&)selectedIssue=(?P<key>{KEY})", re.IGNORECASE)
_GITHUB_PAGE = re.compile(r"/(?P<repository>[\w.-]+/[\w.-]+)/issues/(?P<number>\d+)/?")


def page_reference(url: str) -> str | None:
    """None for what is no issue of some Jira or GitHub: another page, a pull request, no address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return None
    return _issue(parts, parts.netloc.rpartition("@")[2].lower())


def _issue(parts: SplitResult, host: str) -> str | None:
    path = unquote(parts.path)
    if found := _JIRA_PAGE.fullmatch(path):
        context, key = found["context"] or found["board"] or "", found["key"] or found["listed"]
        return f"jira://{host}{context.lower()}/{key.upper()}"
    if found := _GITHUB_PAGE.fullmatch(path):
        return f"github://{host}/{found['repository'].lower()}#{found['number']}"
    if (board := _JIRA_BOARD.fullmatch(path)) and (found := _SELECTED.search(parts.query)):
        return f"jira://{host}{board['context'].lower()}/{found['key'].upper()}"
    return None
