"""What changed since a full scan: issues by their update time, and what moves no update time."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

from connectors.contract import Page
from connectors.github.fetcher import Nodes
from connectors.github.parse.issue import Read
from connectors.github.reading.checkpoint import Mark
from connectors.github.reading.pagination import follow_pages
from connectors.github.reading.source import Source

_BATCH = 100  # issues of a page that is read by ids


async def delta(source: Source, mark: Mark) -> AsyncIterator[Page]:
    """One request of one point when nothing changed."""
    held: Page | None = None
    async for page in _pages(source, mark):
        if held:
            yield held
        held = page
    source.project.note(mark)
    done = source.discovery.definition_of_done
    last = mark.finished(source.repositories)
    yield replace(held, checkpoint=last) if held else Page([], last, definition_of_done=done)
    source.project.settle()


async def _pages(source: Source, mark: Mark) -> AsyncIterator[Page]:
    now = source.session.now
    sinces = {repository: mark.ask_since(repository, now) for repository in source.repositories}
    read: set[str] = set()  # node ids of this delta's pages
    repositories, again = await _look(source, sinces, mark)
    for repository in repositories:
        since, page = sinces[repository], 0
        async for nodes in follow_pages(partial(source.fetcher.page, repository, since=since), None):
            page += 1
            source.note_names(repository, nodes.nodes)
            fresh = mark.unseen(nodes.nodes)
            milestones = await _milestones(source, repository, since, nodes, mark, again)
            mark.note(repository, nodes.nodes)
            read.update(one["id"] for one in nodes.nodes if isinstance(one, dict) and "id" in one)
            done = source.discovery.definition_of_done
            yield replace(
                source.page(
                    fresh,
                    mark.passed(repository, nodes.nodes),
                    milestones,
                    source.place(repository, page),
                ),
                definition_of_done=done,
            )
    wanted = [one for one in dict.fromkeys(again) if one not in read]
    for begin in range(0, len(wanted), _BATCH):
        found = await source.fetcher.issues_by_id(wanted[begin : begin + _BATCH])
        yield source.page([one for one in found if source.owns(one)], mark.passed("", ()))


async def _look(source: Source, sinces: dict[str, str], mark: Mark) -> tuple[list[str], list[str]]:
    """Repositories with news, and node ids of issues whose row in the Project changed: for one point.

    A Project whose order was never read is read once, for the ranks of what changes.
    """
    fetcher, project, since = source.fetcher, source.project, min(sinces.values())
    if not source.options.repository_names:
        return [], project.changed(await fetcher.order(), mark, since)
    if project.is_cheap:
        news, order = await fetcher.news_and_order(sinces, mark.seen)
        source.note_present_names(news.names)
        return list(news.repositories), project.changed(order, mark, since)
    if project.order is None and source.options.project:
        project.take(await fetcher.order())
    news = await fetcher.news(sinces, mark.seen)
    source.note_present_names(news.names)
    return list(news.repositories), []


async def _milestones(
    source: Source, repository: str, since: str, nodes: Nodes, mark: Mark, again: list[str]
) -> Read:
    """Epics among the milestones that changed; issues of those that were planned anew go to ``again``."""
    for number in source.milestones_planned_anew(repository, nodes.milestones):
        again += await source.fetcher.open_issues_of_milestone(repository, number)
    fresh = mark.unseen(one for one in nodes.milestones if str(one.get("updatedAt", "")) >= since)
    mark.seen.update({str(one.get("id")): str(one.get("updatedAt")) for one in fresh})
    return source.parse_milestones(repository, fresh) if source.has_milestone_epics(repository) else ([], [])
