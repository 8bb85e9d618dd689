"""References as people write them, made canonical (connectors/item.py)."""

import re
from typing import Literal, NamedTuple

from connectors.text.pages import END, KEY, page_reference
from connectors.text.signs import has_any


class Home(NamedTuple):
    """Where a text stands. ``container`` is a repository, "owner/name" in lower case; None in Jira."""

    site: str
    tracker: Literal["jira", "github"]
    container: str | None


class Run(NamedTuple):
    """References in a row, and where they end. ``refs`` lacks what is nothing to a plan, such as pages."""

    refs: tuple[str, ...]
    end: int


_ONE = re.compile(
    r"\[(?P<label>(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){1,500}+)\]"
    r"(?:\(<?(?P<target>[^\s()<>]{1,2000}+)>?(?:[ \t][^()\n]{0,300})?\))?"
    r"|<(?P<auto>https?://[^\s<>]{1,2000}+)>"
    r"|(?P<url>https?://[^\s<>|\[\]\"'`{}\ufffc]{1,2000}+)"
    rf"|(?P<far>[A-Za-z0-9][A-Za-z0-9-]{{0,38}}+/[A-Za-z0-9._-]{{1,100}}+\#[1-9][0-9]{{0,8}}{END})"
    rf"|\#(?P<near>[1-9][0-9]{{0,8}}{END})"
    rf"|(?P<key>{KEY})",
    re.ASCII,
)
_BETWEEN = re.compile(r"[*_+]{0,3}[ \t]*+(?:\n[ \t]*+(?![-*+#]+[ \t]))?[*_+]{0,3}")
_GLOSS = re.compile(r"[*_]{0,3}[ \t]{1,4}\([^()\n]{1,100}\)")
_LAST = re.compile(r"[*_+ \t.,;:!?)]*+(?=\n|\||\Z)")
_SOMEWHERE = re.compile(
    r"#[1-9]|-(?<=[A-Z0-9_]-)[1-9]|\u2011(?<=[A-Z0-9_]\u2011)[1-9]|/browse/|/issues/|=(?<=selectedIssue=)"
)
"""Every alternative begins with one of ``_SIGNS``: what lies between them is skipped fast."""
_SIGNS = "#-\u2011/="

_PULL_REQUEST = re.compile(r"https?://[^/\s]+/[\w.-]+/[\w.-]+/pull/\d")


def may_hold_references(text: str) -> bool:
    """A cheap look: False is certain."""
    return has_any(_SIGNS, text) and _SOMEWHERE.search(text) is not None


class References:
    """Reads them where a text expects them. ``joiners`` matches one word or sign that joins two."""

    def __init__(self, home: Home, joiners: re.Pattern[str]) -> None:
        self._home = home
        self._joiners = joiners

    def at(self, text: str, start: int) -> Run | None:
        """Those that begin exactly at ``start``; without joiners between them only if they end the line."""
        first = self._one(text, start)
        if first is None:
            return None
        refs, end = list(first.refs), first.end
        waiting: list[str] = []
        is_sure, place = True, end
        while (after := self._separator(text, place)) and (one := self._one(text, after.end)):
            waiting += one.refs
            place = one.end
            is_sure = is_sure and after.is_joined
            if is_sure or _LAST.match(text, place):
                refs += waiting
                end, waiting, is_sure = place, [], True
        return Run(tuple(refs), end)

    def _separator(self, text: str, start: int) -> "_Separator | None":
        """What leads to another one. A joiner may follow a remark in brackets: "ONL-1 (vouchers), ONL-2"."""
        gloss = _GLOSS.match(text, start)
        place, is_joined = _skip(text, gloss.end() if gloss else start), False
        while joiner := self._joiners.match(text, place):
            place, is_joined = _skip(text, joiner.end()), True
        return _Separator(place, is_joined) if is_joined or (place > start and not gloss) else None

    def _one(self, text: str, start: int) -> Run | None:
        found = _ONE.match(text, start)
        if found is None:
            return None
        if found["label"]:
            refs = self._link(found["label"], found["target"])
            return None if refs is None else Run(refs, found.end())
        if found["url"]:
            url = found["url"].rstrip(".,;:!?)*_~")
            return Run(_pages(url), start + len(url))
        return Run(self._written(found), found.end())

    def _written(self, found: re.Match[str]) -> tuple[str, ...]:
        if found["auto"]:
            return _pages(found["auto"])
        if found["far"]:
            return (f"github:{found['far'].lower()}",)
        if found["key"]:
            return (f"jira:{found['key']}",)
        site, _, container = self._home
        return (f"github://{site}/{container}#{found['near']}",) if container else ()

    def _link(self, label: str, target: str | None) -> tuple[str, ...] | None:
        """Where a link leads; where it leads to some other page, the references it is named after."""
        if target is None and "|" in label:
            label, target = label.split("|")[:2]
        if target is not None and (pages := _pages(target)):
            return pages
        if target is not None and _PULL_REQUEST.match(target):
            return ()
        name = label.lstrip(" [*_")
        found = self.at(name, 0)
        return found.refs if found else None


class _Separator(NamedTuple):
    end: int
    is_joined: bool


def _skip(text: str, start: int) -> int:
    found = _BETWEEN.match(text, start)
    return found.end() if found else start


def _pages(url: str) -> tuple[str, ...]:
    found = page_reference(url)
    return (found,) if found else ()
