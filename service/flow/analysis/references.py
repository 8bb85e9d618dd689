"""What the references in links mean: which items, and which of them ought to exist but are not here. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from config.product import Product
from connectors.reference import Reference, parse, settle
from service.domain.graph.backlog import Tie, Unresolved
from service.store.backlog.snapshot import Claim


@dataclass(frozen=True, slots=True)
class Sites:
    """Where each source lives and what it holds, as its connector said.

    ``whole`` are the prefixes of sources that select all that is there: what they lack does not exist
    or is hidden. A source with a filter of its own leaves things out on purpose.
    """

    home: Mapping[str, str]  # source → site
    held: tuple[str, ...]
    whole: tuple[str, ...]

    @classmethod
    def of(cls, capabilities: Iterable[tuple[str, str | None]], product: Product) -> "Sites":
        told = {source: orjson.loads(text) for source, text in capabilities if text}
        filtered = {options.key for options in product.sources if getattr(options, "filter", None)}
        holds = {source: set(one.get("holds", ())) for source, one in told.items()}
        held = {prefix for found in holds.values() for prefix in found}
        partly = {prefix for source in filtered for prefix in holds.get(source, ())}
        home = {source: one["site"] for source, one in told.items()}
        return cls(home, tuple(sorted(held)), tuple(sorted(held - partly)))

    def should_have(self, named: Reference) -> bool:
        """Whether a source of the product would hold it, if it were there."""
        return named.prefix in self.whole


def settled(claims: Sequence[Claim], sites: Sites, source_of: Mapping[str, str]) -> dict[str, list[Claim]]:
    """Claims without a site by the canonical reference they turn out to mean."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        ref = settle(claim.ref, sites.home.get(source_of.get(claim.item, ""), ""), sites.held)
        if ref:
            found.setdefault(ref, []).append(claim)
    return found


def pair_of(claim: Claim, other: str) -> tuple[str, str]:
    """(blocker, dependent) of a claim whose other end is the item ``other``."""
    return (claim.item, other) if claim.relation == "blocks" else (other, claim.item)


def tie_of(claim: Claim, other: str) -> Tie:
    """Of a claim that is no dependency."""
    return Tie(claim.item, other, claim.relation, claim.origin, claim.words)


def missing(claims: Iterable[tuple[str, Claim]], sites: Sites) -> list[Unresolved]:
    """Of claims (by the reference they mean) that no item answers to, those that one should.

    A number in a GitHub text may be a pull request, which is nothing; only links of the tracker count there.
    """
    return [
        Unresolved(claim.item, named.key, claim.origin, claim.words)
        for ref, claim in claims
        if claim.relation == "blocked-by"
        and (named := parse(ref))
        and sites.should_have(named)
        and not (named.tracker == "github" and claim.origin == "text")
    ]
