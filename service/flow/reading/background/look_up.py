"""Ask trackers for names that items mention and no stored item answers to, a batch at a time.

What a tracker says is remembered: a name that does not exist is asked for again after a day, then ever
more rarely; what exists, once a month (it may have been moved since).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta

import structlog

from connectors.contract import Lookup, SourceError
from service.flow.context import Context
from service.flow.reading.connecting import connector_of
from service.flow.reading.rows.redact import redact_reference
from service.flow.reading.source_outcome import count_requests
from service.flow.unit_of_work import Work, unit_of_work
from service.store.backlog import items
from service.store.database.engine import Connection
from service.store.dependencies import statements
from service.store.naming import item_names, look_ups, restricted
from service.store.naming.look_ups import DueName, Said
from service.store.naming.sites import read_sites
from service.store.process.jobs import Job

log = structlog.get_logger()

NAMES_AT_ONCE = 100
RECENT_DAYS = 30  # a contradiction looks at what was closed so lately
HOUR_SECONDS = 3600.0
DAY_SECONDS = 86400.0
MONTH_SECONDS = 30 * DAY_SECONDS


async def note_names(context: Context) -> int:
    """Note what is to be asked, over all items; how many names that are."""
    since = (context.today - timedelta(days=RECENT_DAYS)).isoformat()
    async with context.database.read() as connection:
        sites = await read_sites(connection)
        mentions = await look_ups.unanswered_mentions(connection, since)
        spoken_of = await statements.mentions(connection)
        named = {ref for one in mentions if (ref := sites.settle(one.ref, one.source)) is not None}
        named |= {ref for source, name in spoken_of if (ref := sites.settle(name, source)) is not None}
        named -= await item_names.present(connection, named)
        named -= await restricted.among(connection, named)
        named -= await look_ups.known(connection, named)
    asking = [(ref, source) for ref in sorted(named) if (source := sites.asked_by(ref)) is not None]
    if asking:
        async with unit_of_work(context) as work:
            await look_ups.note(work.connection, asking, context.clock())
            work.change_answers()
            work.wake_worker()
    return len(asking)


async def ask_without_worker(context: Context, sources: Collection[str]) -> bool:
    """After an analysis: is there anything new to analyse? A tracker that fails is asked again later."""
    await note_names(context)
    has_asked = False
    for source in sources:
        try:
            while await look_up_names(context, source):
                has_asked = True
        except SourceError as error:
            log.warning("source.unasked", source=source, error=str(error))
    return has_asked


async def look_up_names(context: Context, source: str, job: Job | None = None) -> bool:
    """Ask for a batch of due names; whether any was due. Raises SourceError, LeaseLostError.

    Nothing is stored of a batch that fails: it stays as it was, and due.
    """
    connector = connector_of(context, context.options_of(source))
    now = context.clock()
    async with context.database.read() as connection:
        names = await look_ups.due(connection, source, now, NAMES_AT_ONCE)
        wanted = await _still_wanted(connection, names)
    if not names:
        return False
    answers = await connector.look_up([one.ref for one in wanted]) if wanted else {}
    async with unit_of_work(context, job) as work:
        await look_ups.forget(work.connection, {one.ref for one in names} - {one.ref for one in wanted})
        await _store(work, wanted, answers)
        await count_requests(context, work.connection, source)
        work.change_answers()
    log.info("names.looked_up", source=source, asked=len(wanted), answered=len(answers))
    return True


async def _still_wanted(connection: Connection, names: Sequence[DueName]) -> list[DueName]:
    """Without names that a stored item answers to by now, and those that nobody mentions any more."""
    answered = await item_names.present(connection, [one.ref for one in names])
    asked = {one.ref: None for one in names if one.state is not None and one.ref not in answered}
    mentions = await look_ups.mentioning(connection, asked)
    unmentioned = {ref for ref, item_ids in mentions.items() if not item_ids}
    if unmentioned:
        unmentioned -= await look_ups.parents_among(connection, unmentioned)
    return [one for one in names if one.ref not in answered | unmentioned]


async def _store(work: Work, names: Sequence[DueName], answers: Mapping[str, Lookup]) -> None:
    context, connection = work.context, work.connection
    now = context.clock()
    news = {one.ref: answers[one.ref] for one in names if one.ref in answers}
    await look_ups.save(connection, [_said(one, news.get(one.ref), now) for one in names], now)
    before = {one.ref: one.state for one in names}
    changed = {ref: answer for ref, answer in news.items() if before[ref] != answer.state}
    mentions = await look_ups.mentioning(connection, {ref: one.identity for ref, one in changed.items()})
    await restricted.show(connection, _refs(changed, lambda ref: before[ref] == "hidden"))
    hidden = _refs(changed, lambda ref: changed[ref].state == "hidden")
    await restricted.add(connection, hidden)
    for ref in mentions.keys() & set(hidden):
        await redact_reference(context, connection, ref, mentions[ref])
    aliases = await _aliases(connection, news)
    await item_names.add_names(connection, aliases)
    await _touch(work, {item_id for ref in changed for item_id in mentions[ref]})
    work.touch([item_id for ref, item_id in aliases if ref in changed])  # what lies under it may know it now


async def _touch(work: Work, ids: Collection[str]) -> None:
    """What mentions a name; a text that speaks of others concerns more than its own item."""
    if await statements.statements_in(work.connection, ids):
        work.touch_everything()
    else:
        work.touch(ids)


def _refs(answers: Mapping[str, Lookup], is_wanted: Callable[[str], bool]) -> list[str]:
    """Names, and the identities that they lead to."""
    wanted = [ref for ref in answers if is_wanted(ref)]
    return [*wanted, *(identity for ref in wanted if (identity := answers[ref].identity) is not None)]


def _said(asked: DueName, answer: Lookup | None, now: float) -> Said:
    if answer is None:
        times = asked.times + 1
        return Said(asked.ref, None, times, now + min(HOUR_SECONDS * 2 ** (times - 1), DAY_SECONDS))
    times = asked.times + 1 if answer.state == asked.state else 1
    pause = MONTH_SECONDS
    if answer.state in ("absent", "hidden"):
        pause = min(DAY_SECONDS * 2 ** (times - 1), MONTH_SECONDS)
    return Said(asked.ref, answer, times, now + pause)


async def _aliases(connection: Connection, answers: Mapping[str, Lookup]) -> list[tuple[str, str]]:
    """(name, item) of names that lead to an item which is known under others."""
    leading = {ref: one for ref, one in answers.items() if one.state == "item"}
    refs = [ref for one in leading.values() for ref in (one.identity, one.name) if ref is not None]
    ids = await items.named(connection, refs)
    item_ids = {ref: ids.get(one.identity or "") or ids.get(one.name or "") for ref, one in leading.items()}
    return [(ref, item_id) for ref, item_id in sorted(item_ids.items()) if item_id is not None]
