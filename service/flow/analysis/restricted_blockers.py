"""Which items wait for what nobody may see, whether they say on which site it lives or not."""

from collections.abc import Collection, Mapping, Sequence

from service.flow.analysis.references import settled
from service.flow.analysis.statements import attributed
from service.store.backlog import items
from service.store.database.engine import Connection
from service.store.dependencies import joined, statements
from service.store.naming import restricted
from service.store.naming.claims import Claim
from service.store.naming.sites import read_sites


async def restricted_dependents(connection: Connection, among: Collection[str]) -> list[str]:
    """Those of ``among`` that wait for a restricted item, sorted."""
    claims = [claim for claim in await joined.claims_of(connection, among) if claim.item in among]
    spoken = await statements.statements_near(connection, among)
    meant: dict[str, list[Claim]] = {}
    if claims or spoken:
        homes = await items.sources_of(
            connection, {one.item for one in claims} | {one.item for one in spoken}
        )
        sites = await read_sites(connection)
        meant = settled(claims, sites, homes)
        for ref, attributes in (await attributed(connection, spoken, sites, homes)).items():
            meant.setdefault(ref, []).extend(claim for claim in attributes if claim.item in among)
    waiting = await waiting_for_restricted(connection, meant)
    return sorted(waiting.union(await restricted.dependents(connection, among)))


async def waiting_for_restricted(connection: Connection, meant: Mapping[str, Sequence[Claim]]) -> set[str]:
    """Of claims, by the reference they mean, the items that name a restricted one as their blocker."""
    hidden = await restricted.among(connection, meant)
    return {claim.item for ref in hidden for claim in meant[ref] if claim.relation == "blocked-by"}
