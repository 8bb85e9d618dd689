"""Tell deciders of conflicts that nobody took up in time."""

from collections.abc import Sequence
from typing import Any

import structlog

from service.domain.notification.event import Event
from service.flow.context import Context
from service.flow.product_plan import decision, in_product_order
from service.flow.telling.conflict_event import conflict_event
from service.flow.unit_of_work import Work, unit_of_work
from service.store.conflicts import escalations
from service.store.conflicts import written_conflicts as findings
from service.store.database.engine import RowMapping
from service.store.process import revision

CONFLICTS_AT_ONCE = 500  # conflicts of one transaction

log = structlog.get_logger()


async def escalate(context: Context) -> int:
    """How many escalated now: each once, however many workers look."""
    count = 0
    while True:
        async with unit_of_work(context) as work:
            await revision.after_analysis(work.connection)
            found = await escalations.due(work.connection, context.clock(), CONFLICTS_AT_ONCE)
            count += await _escalate(work, found)
        if len(found) < CONFLICTS_AT_ONCE:
            break
    if count:
        log.info("conflicts.escalated", count=count)
    return count


async def _escalate(work: Work, found: Sequence[RowMapping]) -> int:
    """The product file may have changed since: where it names no decider any more, nobody is told."""
    if not found:
        return 0
    context, connection = work.context, work.connection
    now = context.clock()
    deciders = {row["id"]: decision(context.product, row["kind"], row["severity"]) for row in found}
    told = [(row, decider) for row in found if (decider := deciders[row["id"]])]
    ids = [row["id"] for row, _ in told]
    await escalations.drop(connection, [one for one, decider in deciders.items() if decider is None])
    await escalations.settle(connection, ids, now)
    notes = [f"for {_called(decider)} to decide" for _, decider in told]
    await findings.note(connection, ids, "escalated", now, "attune", notes)
    teams = await findings.teams_of(connection, ids)
    work.publish([_event(context, row, teams.get(row["id"], ()), decider, now) for row, decider in told])
    work.change_answers()
    return len(told)


def _called(decider: dict[str, Any]) -> str:
    return str(decider["name"] or decider["email"] or decider["role"])


def _event(
    context: Context, row: RowMapping, teams: Sequence[str], decider: dict[str, Any], now: float
) -> Event:
    """It concerns the decider's team too, where the decider is a team's owner."""
    deciding = [team.key for team in context.product.teams if team.key == decider["role"]]
    concerned = dict.fromkeys([*in_product_order(context.product, teams), *deciding])
    return conflict_event("conflict.escalated", dict(row), concerned, now, decider=decider)
