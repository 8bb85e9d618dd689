"""What a link between issues, or to another tracker, means for the plan."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.item import Link, Relation
from connectors.reference import page_reference
from connectors.vocabulary import Vocabulary

_INVERSE: dict[Relation, Relation] = {"blocks": "blocked-by", "blocked-by": "blocks"}


class LinkWords:
    """Relations by a link's own words, then its opposite's, then the product file's ``blocks``."""

    def __init__(self, vocabulary: Vocabulary, mapped: Iterable[str]) -> None:
        self._vocabulary = vocabulary
        self._mapped = frozenset(word.strip().casefold() for word in mapped)
        self._judged: dict[tuple[str, str, str, bool], Relation] = {}

    def of(self, kind: Mapping[str, Any], outward: bool) -> tuple[Relation, str]:
        """The relation read from the issue that carries the link, and the words it is said in."""
        name, inward_words, outward_words = (
            str(kind.get(one) or "") for one in ("name", "inward", "outward")
        )
        asked = (name, inward_words, outward_words, outward)
        if asked not in self._judged:
            self._judged[asked] = self._judge(*asked)
        return self._judged[asked], outward_words if outward else inward_words

    def relation_of(self, words: str) -> Relation | None:
        word, vocabulary = words.strip().casefold(), self._vocabulary
        if word in vocabulary.blocks:
            return "blocks"
        if word in vocabulary.blocked_by:
            return "blocked-by"
        if word in vocabulary.conflicts:
            return "conflicts"
        if word in vocabulary.clones:
            return "clones"
        if word in vocabulary.mirrors:
            return "duplicates" if "dupli" in word else "mirrors"
        return None

    def _judge(self, name: str, inward_words: str, outward_words: str, outward: bool) -> Relation:
        own, opposite = (outward_words, inward_words) if outward else (inward_words, outward_words)
        if relation := self.relation_of(own):
            return relation
        if relation := self.relation_of(opposite):
            return _INVERSE.get(relation, relation)
        if not self._mapped.isdisjoint(one.strip().casefold() for one in (name, own, opposite)):
            return "blocks" if outward else "blocked-by"
        return "relates"


def native_links(site: str, links: Iterable[Mapping[str, Any]], words: LinkWords) -> Iterator[Link]:
    """``outwardIssue: Y`` on X reads "X outward Y"; each entry carries one of the two ends."""
    for one in links:
        for end, outward in (("outwardIssue", True), ("inwardIssue", False)):
            opposite = one.get(end)
            if opposite:
                relation, own_words = words.of(one.get("type") or {}, outward)
                yield Link(relation, reference(site, opposite), "native", own_words, _name(site, opposite))


def remote_links(links: Iterable[Mapping[str, Any]], words: LinkWords) -> Iterator[Link]:
    """Those that lead to an issue of some Jira or GitHub; other pages are nothing to a plan."""
    for one in links:
        ref = page_reference(str((one.get("object") or {}).get("url") or ""))
        if ref is not None:
            own_words = str(one.get("relationship") or "")
            yield Link(words.relation_of(own_words) or "relates", ref, "remote", own_words)


def reference(site: str, issue: Mapping[str, Any]) -> str:
    """By id where there is one, for it survives moves; else by key."""
    number = issue.get("id")
    return f"jira://{site}/id/{number}" if number else f"jira://{site}/{issue['key']}"


def _name(site: str, issue: Mapping[str, Any]) -> str | None:
    """What is called by its id elsewhere: whoever does not hold the issue knows at least its project."""
    key = issue.get("key")
    return f"jira://{site}/{key}" if key and issue.get("id") else None
