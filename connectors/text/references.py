"""References as people write them in a row, made canonical (connectors/item.py)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from connectors.reference import WRITTEN, TextLocation, is_pull_request, page_reference, read_written


class ReferenceRow(NamedTuple):
    """References in a row. ``refs`` lacks what is nothing to a plan, such as pages."""

    refs: tuple[str, ...]
    start: int
    end: int


_ADDRESS = r"[^\s<>|\[\]\"'`{}\ufffc]"
_PANE = r"[?&]issue=[\w.-]{1,100}\|[\w.-]{1,100}\|[0-9]{1,9}"
_ONE = re.compile(
    r"\[(?P<label>(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){1,500}+)\]"
    r"(?:\(<?(?P<target>[^\s()<>]{1,2000}+)>?(?:[ \t][^()\n]{0,300})?\))?"
    r"|<(?P<auto>(?i:https?)://[^\s<>]{1,2000}+)>"
    rf"|(?P<url>(?i:https?)://(?:{_ADDRESS}{{1,300}}?{_PANE}|{_ADDRESS}{{1,2000}}+))"
    rf"|(?P<bare>(?:[A-Za-z0-9-]{{1,63}}+\.){{1,8}}[A-Za-z]{{2,24}}(?::[0-9]{{1,5}})?/{_ADDRESS}{{1,2000}}+)"
    rf"|{WRITTEN}",
    re.ASCII,
)
"""``bare`` is an address without its ``https://``."""

_ANY = re.compile(r"(?<![\w/#.&-])(?=[\[<#A-Za-z0-9])(?:" + _ONE.pattern + ")", re.ASCII)
_BETWEEN = re.compile(r"[*_+]{0,3}[ \t]*+(?:\n[ \t]*+(?![-*+#]+[ \t]))?[*_+]{0,3}")
_GLOSS = re.compile(r"[*_]{0,3}[ \t]{1,4}\([^()\n]{1,100}\)")
_LAST = re.compile(r"[*_+ \t.,;:!?)]*+(?=\n|\||\Z)")


class References:
    """Reads them where a text expects them. ``joiners`` matches one word or sign that joins two."""

    def __init__(self, location: TextLocation, joiners: re.Pattern[str]) -> None:
        self._location = location
        self._joiners = joiners

    def at(self, text: str, start: int) -> ReferenceRow | None:
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
        return ReferenceRow(tuple(refs), start, end)

    def rows(self, text: str, start: int, end: int) -> Iterator[ReferenceRow]:
        """Those anywhere between two places."""
        while (found := _ANY.search(text, start, end)) and found.start() < end:
            row = self.at(text, found.start())
            if row and row.end <= end:
                yield row
            start = row.end if row else found.end()

    def _separator(self, text: str, start: int) -> "_Separator | None":
        """What leads to another one. A joiner may follow a remark in brackets: "ONL-1 (vouchers), ONL-2"."""
        gloss = _GLOSS.match(text, start)
        place, is_joined = _skip(text, gloss.end() if gloss else start), False
        while joiner := self._joiners.match(text, place):
            place, is_joined = _skip(text, joiner.end()), True
        return _Separator(place, is_joined) if is_joined or (place > start and not gloss) else None

    def _one(self, text: str, start: int) -> ReferenceRow | None:
        found = _ONE.match(text, start)
        if found is None:
            return None
        if found["label"]:
            refs = self._link(found["label"], found["target"])
            return None if refs is None else ReferenceRow(refs, start, found.end())
        if found["url"] or found["bare"]:
            address = found[0].rstrip(".,;:!?)*_~’”»")
            refs = _pages(address if found["url"] else f"https://{address}")
            return ReferenceRow(refs, start, start + len(address))
        return ReferenceRow(self._written(found), start, found.end())

    def _written(self, found: re.Match[str]) -> tuple[str, ...]:
        if found["auto"]:
            return _pages(found["auto"])
        ref = read_written(found, self._location)
        return (ref,) if ref else ()

    def _link(self, label: str, target: str | None) -> tuple[str, ...] | None:
        """Where a link leads; where it leads to some other page, the references it is named after."""
        if target is None and "|" in label:
            label, target = label.split("|")[:2]
        if target is not None and (pages := _pages(target)):
            return pages
        if target is not None and is_pull_request(target):
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
