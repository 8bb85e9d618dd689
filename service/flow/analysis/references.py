"""What the references in links mean: which items, and which of them ought to exist but are not here. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from connectors.reference import parse
from service.domain.plan.relations import Tie, Unresolved
from service.store.naming.claims import Claim
from service.store.naming.item_names import is_identity
from service.store.naming.look_ups import State
from service.store.naming.sites import Sites


def settled(claims: Sequence[Claim], sites: Sites, source_of: Mapping[str, str]) -> dict[str, list[Claim]]:
    """Claims without a site by the canonical reference they turn out to mean."""
    meant: dict[str, list[Claim]] = {}
    for claim in claims:
        ref = sites.settle(claim.ref, source_of.get(claim.item, ""))
        if ref:
            meant.setdefault(ref, []).append(claim)
    return meant


def pair_of(claim: Claim, end: str) -> tuple[str, str]:
    """(blocker, dependent) of a claim whose other end is the item ``end``."""
    return (claim.item, end) if claim.relation == "blocks" else (end, claim.item)


def tie_of(claim: Claim, end: str) -> Tie:
    """Of a claim that is no dependency."""
    return Tie(claim.item, end, claim.relation, claim.origin, claim.words)


def missing(
    claims: Iterable[tuple[str, Claim]], sites: Sites, answers: Mapping[str, State]
) -> list[Unresolved]:
    """Of claims (by the reference they mean) that no item answers to, those that nobody can plan on.

    ``answers`` is what trackers said of the names. What was not asked yet is neither here nor well; what
    exists and is only left out by a filter, or is a pull request, is nothing. What its tracker links by its
    own id exists, whether it can be asked for or not. Of what is restricted not even the name is told.
    """
    unresolved: list[Unresolved] = []
    for ref, claim in claims:
        named, state = parse(ref), answers.get(ref)
        if claim.relation != "blocked-by" or named is None or not sites.is_held(ref):
            continue
        if state == "hidden":
            unresolved.append(Unresolved(claim.item, "restricted", claim.origin, ""))
        elif state == "absent" and not is_identity(claim.ref):
            unresolved.append(Unresolved(claim.item, named.key, claim.origin, claim.words))
    return unresolved
