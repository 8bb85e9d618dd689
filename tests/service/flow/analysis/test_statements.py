"""A text that speaks of other items: "ONL-4, which depends on STO-2" in the text of ONL-7."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from connectors.item import Link, Relation
from service.flow.analysis.full import analyse
from service.flow.analysis.incremental import judge_neighbourhood
from service.flow.analysis.rejudge import analyse_all
from service.flow.context import Context
from service.store.database.engine import Database
from service.store.tables import dependency, item, statement
from tests.support.flow import ask_and_judge, flow_context, source, sync, unresolved
from tests.support.tiny import TinyTracker


def said(subject: str, relation: Relation, ref: str) -> Link:
    return Link(relation, ref, "text", "says", subject=subject)


async def tracked(database: Database, *texts: Link) -> tuple[Context, TinyTracker]:
    """Items ONL-1 to ONL-3 and STO-1, STO-2; ONL-3 says ``texts``."""
    tracker = TinyTracker()
    for project, number in (("ONL", 1), ("ONL", 2), ("STO", 1), ("STO", 2)):
        tracker.add(project, number, due=date(2026, 4, number))
    tracker.add("ONL", 3, texts=texts)
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    for key in ("onl", "sto"):
        await sync(context, key)
    return context, tracker


async def edges(context: Context) -> set[tuple[str, str]]:
    """(blocker, dependent) by key."""
    async with context.database.read() as connection:
        keys = {row[0]: row[1] for row in await connection.execute(select(item.c.id, item.c.key))}
        rows = await connection.execute(select(dependency.c.blocker, dependency.c.dependent))
        return {(keys[row[0]], keys[row[1]]) for row in rows}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (said("jira:ONL-1", "blocked-by", "jira:STO-2"), {("STO-2", "ONL-1")}),
        (said("jira:onl-1", "blocked-by", "jira:sto-2"), {("STO-2", "ONL-1")}),
        (said("jira:STO-1", "blocks", "jira:ONL-2"), {("STO-1", "ONL-2")}),
        (said("jira://tiny.example/ONL-1", "blocked-by", "jira://tiny.example/STO-2"), {("STO-2", "ONL-1")}),
        (said("jira:ONL-3", "blocked-by", "jira:STO-2"), {("STO-2", "ONL-3")}),
        (said("jira:step-2", "blocked-by", "jira:STO-2"), {("STO-2", "ONL-3")}),
        (said("jira:ALOY-485", "blocked-by", "jira:STO-2"), set()),
        (said("jira:ONL-99", "blocked-by", "jira:STO-2"), set()),
        (said("jira:ONL-1", "blocked-by", "jira:ALOY-2"), set()),
        (said("jira:ONL-1", "blocked-by", "jira:ONL-1"), set()),
        (said("jira:ONL-1", "conflicts", "jira:STO-2"), set()),
    ],
)
async def test_the_edge_is_that_of_the_sentences_subject(
    database: Database, text: Link, expected: set[tuple[str, str]]
) -> None:
    context, _ = await tracked(database, text)
    await analyse(context)
    assert await edges(context) == expected


async def test_what_a_text_says_of_others_is_judged_around_them_when_it_changes(database: Database) -> None:
    context, tracker = await tracked(database, said("jira:ONL-1", "blocked-by", "jira:STO-2"))
    await analyse(context)
    speaker = tracker.named("ONL-3")
    assert speaker is not None
    for texts, expected in (
        ((), set()),
        ((said("jira:ONL-2", "blocked-by", "jira:STO-2"),), {("STO-2", "ONL-2")}),
        ((said("jira:ONL-2", "blocks", "jira:STO-1"),), {("ONL-2", "STO-1")}),
    ):
        tracker.change(speaker.id, texts=texts)
        await sync(context, "onl")
        assert await judge_neighbourhood(context)
        assert await edges(context) == expected
        await analyse(context)
        assert await edges(context) == expected


async def test_an_edge_between_others_stays_when_one_of_them_changes(database: Database) -> None:
    context, tracker = await tracked(database, said("jira:ONL-1", "blocked-by", "jira:STO-2"))
    await analyse(context)
    for key, name in (("onl", "ONL-1"), ("sto", "STO-2")):
        changed = tracker.named(name)
        assert changed is not None
        tracker.change(changed.id, title="Another title")
        await sync(context, key)
        assert await judge_neighbourhood(context)
        assert await edges(context) == {("STO-2", "ONL-1")}


async def test_a_subject_or_a_blocker_that_moved_is_found_under_its_old_name(database: Database) -> None:
    context, tracker = await tracked(
        database,
        said("jira:ONL-40", "blocked-by", "jira:STO-2"),
        said("jira:ONL-1", "blocked-by", "jira:ONL-41"),
        said("jira:ONL-1", "blocked-by", "jira:ONL-77777"),
    )
    tracker.redirects = {"ONL-40": "STO-1", "ONL-41": "ONL-2"}
    await analyse_all(context)
    assert await edges(context) == set()
    await ask_and_judge(context)
    assert await edges(context) == {("STO-2", "STO-1"), ("ONL-2", "ONL-1")}
    assert [reference for _, reference in await unresolved(context)] == ["ONL-77777"]


async def test_what_a_text_said_goes_with_its_item(database: Database) -> None:
    context, tracker = await tracked(database, said("jira:ONL-1", "blocked-by", "jira:STO-2"))
    await analyse(context)
    speaker = tracker.named("ONL-3")
    assert speaker is not None
    tracker.change(speaker.id, is_secret=True)
    await sync(context, "onl")
    await judge_neighbourhood(context)
    assert await edges(context) == set()
    async with database.read() as connection:
        assert (await connection.execute(select(statement))).all() == []


async def test_two_sentences_on_one_blocker_are_two_edges(database: Database) -> None:
    first = said("jira:ONL-1", "blocked-by", "jira:STO-2")
    context, _ = await tracked(
        database, first, replace(first, subject="jira:ONL-2"), replace(first, subject=None)
    )
    await analyse(context)
    assert await edges(context) == {("STO-2", "ONL-1"), ("STO-2", "ONL-2"), ("STO-2", "ONL-3")}
