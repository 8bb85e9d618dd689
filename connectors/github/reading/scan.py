"""A full scan: every issue of every repository, with a checkpoint per page."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

from connectors.contract import Page
from connectors.github.api.errors import UnknownCursor
from connectors.github.reading.checkpoint import Mark
from connectors.github.reading.pagination import follow_pages
from connectors.github.reading.source import Source


async def scan(source: Source, mark: Mark) -> AsyncIterator[Page]:
    """Goes on where ``mark`` stands; begins again when the host no longer knows that place."""
    source.project.take(await source.fetcher.order())
    try:
        async for page in _from(source, mark):
            yield page
    except UnknownCursor:
        async for page in _from(
            source, Mark(source.session.now, source.repositories[0], names=source.present_names())
        ):
            yield page
    source.project.settle()


async def _from(source: Source, mark: Mark) -> AsyncIterator[Page]:
    done = source.discovery.definition_of_done
    first = source.repositories.index(mark.repository or "")
    for number, repository in enumerate(source.repositories[first:], first):
        milestones = await source.milestones(repository)
        cursor = mark.cursor if number == first else None
        async for nodes in follow_pages(partial(source.fetcher.page, repository, since=None), cursor):
            mark.note(repository, nodes.nodes)
            mark.page += 1
            place = source.place(repository, mark.page)
            source.note_names(repository, nodes.nodes)
            source.milestones_planned_anew(repository, nodes.milestones)
            if nodes.cursor is not None:
                checkpoint = mark.scanning(repository, nodes.cursor)
            elif number + 1 < len(source.repositories):
                mark.page = 0
                checkpoint = mark.scanning(source.repositories[number + 1], None)
            else:
                source.project.note(mark)
                checkpoint = mark.finished(source.repositories)
            page = source.page(nodes.nodes, checkpoint, milestones, place)
            yield replace(page, definition_of_done=done, total=source.discovery.total)
            milestones = ([], [])
