"""A full scan: every issue of every place, with a checkpoint per page."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

from connectors.contract import Page
from connectors.github.answers import UnknownCursor
from connectors.github.checkpoint import Mark
from connectors.github.source import Source
from connectors.github.walk import walk


async def scan(source: Source, mark: Mark) -> AsyncIterator[Page]:
    """Goes on where ``mark`` stands; begins again when the host no longer knows that place."""
    await source.project.refresh(source.fetcher)
    try:
        async for page in _from(source, mark):
            yield page
    except UnknownCursor:
        async for page in _from(source, Mark(source.session.now, source.places[0])):
            yield page


async def _from(source: Source, mark: Mark) -> AsyncIterator[Page]:
    done = source.known.definition_of_done
    first = source.places.index(mark.place or "")
    for number, place in enumerate(source.places[first:], first):
        milestones = await source.milestones(place)
        cursor = mark.cursor if number == first else None
        async for nodes in walk(partial(source.fetcher.page, place, since=None), cursor):
            mark.note(place, nodes.nodes)
            source.replanned(place, nodes.milestones)
            if nodes.cursor is not None:
                checkpoint = mark.scanning(place, nodes.cursor)
            elif number + 1 < len(source.places):
                checkpoint = mark.scanning(source.places[number + 1], None)
            else:
                source.project.note(mark)
                checkpoint = mark.finished(source.places)
            page = source.page(nodes.nodes, checkpoint, milestones)
            yield replace(page, definition_of_done=done, total=source.known.total)
            milestones = ([], [])
