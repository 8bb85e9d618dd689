"""Where a team's Definition of Done is from: the same data gives the same answer, whatever came first."""

from typing import Any

import pytest

from config.product.model import Person, Team
from connectors.item import DodLine
from service.flow.analysis.rejudge import analyse_all
from service.flow.context import Context
from service.store.database.engine import Database
from service.store.tables import dod
from tests.support.flow import answer, flow_context, ids, read_and_judge, rows
from tests.support.tiny import TinyTracker

LINES = (DodLine("Code reviewed", False), DodLine("Tested", True))


async def context_of(database: Database, tracker: TinyTracker) -> Context:
    team = Team(
        key="onl",
        name="Online",
        owner=Person(name="PO"),
        definition_of_done=tuple(line.text for line in LINES),
    )
    return await flow_context(database, tracker, teams=(team,))


async def definition(context: Context) -> Any:
    [row] = await rows(context, dod)
    return row.lines, row.origin


@pytest.mark.parametrize("is_analysed_before", [True, False])
async def test_what_the_items_say_counts_however_early_an_analysis_was(
    database: Database, is_analysed_before: bool
) -> None:
    tracker = TinyTracker()
    context = await context_of(database, tracker)
    if is_analysed_before:
        await analyse_all(context)
        assert (await definition(context))[1] == "product"
    tracker.add(dod=LINES)
    await read_and_judge(context)
    assert await definition(context) == ('["Code reviewed","Tested"]', "items")
    await analyse_all(context)
    assert (await definition(context))[1] == "items"


async def test_an_optional_line_is_kept_with_its_item_and_is_no_part_of_the_definition(
    database: Database,
) -> None:
    tracker = TinyTracker()
    tracker.add(dod=(*LINES, DodLine("Demo given", False, optional=True)))
    context = await context_of(database, tracker)
    await read_and_judge(context)
    assert await definition(context) == ('["Code reviewed","Tested"]', "items")
    assert (await answer(context, (await ids(context))["ONL-1"]))["dod"] == [
        {"text": "Code reviewed", "checked": False},
        {"text": "Tested", "checked": True},
        {"text": "Demo given", "checked": False, "optional": True},
    ]
