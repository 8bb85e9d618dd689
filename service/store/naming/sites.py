"""Where each source lives and what it holds, as its connector said when it was last probed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import orjson
from sqlalchemy import select

from connectors.reference import Reference, is_certain, parse, settle
from service.store.database.engine import Connection
from service.store.tables import source


@dataclass(frozen=True)
class Sites:
    """By source: its site, the prefixes it holds ("jira://SITE/ONL"), and older prefixes of those.

    Sources that were never probed are not in here.
    """

    home: Mapping[str, str]
    holds: Mapping[str, frozenset[str]]
    aliases: Mapping[str, Mapping[str, str]]  # older prefix → the one that is held

    @classmethod
    def of(cls, capabilities: Iterable[tuple[str, str | None]]) -> "Sites":
        """(source, what its connector said as JSON), in the product's order."""
        stored = {source: orjson.loads(text) for source, text in capabilities if text}
        return cls(
            home={source: body["site"] for source, body in stored.items()},
            holds={source: frozenset(body.get("holds", ())) for source, body in stored.items()},
            aliases={source: body.get("aliases", {}) for source, body in stored.items()},
        )

    @cached_property
    def held(self) -> frozenset[str]:
        """Every prefix under which some source's items are known, older ones too."""
        present = {prefix for prefixes in self.holds.values() for prefix in prefixes}
        return frozenset(present.union(*self.aliases.values()))

    @cached_property
    def _by_public_site(self) -> frozenset[str]:
        """Of ``held`` those under the address that people use: a second address makes no second project."""
        sites = tuple(f"{site}/" for site in self.home.values())
        return frozenset(prefix for prefix in self.held if prefix.partition("://")[2].startswith(sites))

    def settle(self, ref: str, source: str) -> str | None:
        """What a reference in a text of ``source`` means; None when that stays open (rulebook, Edges).

        A project that no source has may still be one on the text's own site: an issue that was moved out
        of it answers to its old key.
        """
        home = self.home.get(source, "")
        settled = settle(ref, home, self._by_public_site)
        if settled is not None or not is_certain(ref):
            return settled
        named = parse(ref)
        if named is None or self._is_held_somewhere(named) or named.tracker not in self.trackers_on(home):
            return None
        return str(Reference(named.tracker, home, named.container, named.number))

    def _is_held_somewhere(self, named: Reference) -> bool:
        start, end = f"{named.tracker}://", f"/{named.container}".casefold()
        return any(prefix.startswith(start) and prefix.casefold().endswith(end) for prefix in self.held)

    def trackers_on(self, site: str) -> frozenset[str]:
        prefixes = [one for key, home in self.home.items() if home == site for one in self.holds[key]]
        return frozenset(prefix.partition("://")[0] for prefix in prefixes)

    def is_held(self, ref: str) -> bool:
        """Whether a source of the product would hold what ``ref`` names, if it were there and selected."""
        named = parse(ref)
        return named is not None and named.prefix in self.held

    def asked_by(self, ref: str) -> str | None:
        """The source whose connector can say what a name means: one that holds it, else one on its site."""
        named = parse(ref)
        if named is None or named.site is None:
            return None
        for key, prefixes in self.holds.items():
            if named.prefix in prefixes or named.prefix in self.aliases[key]:
                return key
        return next((key for key in self.holds if self._lives_with(key, named)), None)

    def _lives_with(self, key: str, named: Reference) -> bool:
        """Whether a source is on the site of what is named, by its tracker."""
        is_tracker = any(prefix.startswith(f"{named.tracker}://") for prefix in self.holds[key])
        return self.home[key] == named.site and is_tracker

    def older_names(self, name: str) -> list[str]:
        """What an item is called under older prefixes of its project or repository."""
        named = parse(name)
        if named is None:
            return []
        return [
            name.replace(named.prefix, older, 1)
            for aliases in self.aliases.values()
            for older, prefix in aliases.items()
            if prefix == named.prefix
        ]

    def sources_holding(self, ref: str) -> list[str]:
        named = parse(ref)
        return [key for key, held in self.holds.items() if named is not None and named.prefix in held]


async def read_sites(connection: Connection) -> Sites:
    rows = await connection.execute(select(source.c.key, source.c.capabilities).order_by(source.c.key))
    return Sites.of((row[0], row[1]) for row in rows)
