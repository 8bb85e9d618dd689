"""From the story's YAML to dated tickets. Deterministic: the same day tells the same story."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from service.demo.story.calendar import Calendar
from service.demo.story.filling import created, estimate, filled, moments
from service.demo.story.model import Sprint, Story, TeamStory, Ticket

TEAMS = ("online", "stores", "backoffice", "data")

Entry = Mapping[str, Any]


def tell(today: date) -> Story:
    """The whole story as of ``today``, a day in the product's time zone."""
    books = {team: _book(team) for team in TEAMS}
    keys = {entry["ref"]: entry["key"] for book in books.values() for entry in book["entries"]}
    return Story(today, {team: _team(books[team], keys, Calendar(today)) for team in TEAMS})


def _book(team: str) -> dict[str, Any]:
    """One team's file, with its tickets flattened, numbered and named under ``entries``."""
    text = files("service.demo.story").joinpath(f"{team}.yaml").read_text(encoding="utf-8")
    book: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    book["entries"] = list(_numbered(book))
    return book


def _numbered(book: Entry) -> Iterator[dict[str, Any]]:
    number = book["first"]
    for place, epic in enumerate(book["epics"], start=1):
        is_milestone = book.get("milestones", False)
        own = place if is_milestone else number
        yield {**epic, "kind": "epic", "number": own, "key": book["keys"].format(own)}
        number += 0 if is_milestone else 1
        for entry in filled(epic):
            ref = entry.get("ref", f"{book['team']}-{number}")
            yield {**entry, "ref": ref, "number": number, "key": book["keys"].format(number)}
            number += 1


def _team(book: Entry, keys: Mapping[str, str], calendar: Calendar) -> TeamStory:
    sprints = calendar.sprints(book["sprint"]) if "sprint" in book else ()
    releases = {name: calendar.day(words) for name, words in book.get("releases", {}).items()}
    return TeamStory(
        key=book["team"],
        tickets=tuple(_ticket(book, entry, keys, calendar, sprints) for entry in book["entries"]),
        sprints=sprints,
        releases=releases,
        definition_of_done=tuple(book["definition_of_done"]),
        epics_are_milestones=book.get("milestones", False),
    )


def _ticket(
    book: Entry, entry: Entry, keys: Mapping[str, str], calendar: Calendar, sprints: tuple[Sprint, ...]
) -> Ticket:
    number, state = entry["number"], entry.get("state", "todo")
    sprint = next((one for one in sprints if one.number == entry.get("sprint")), None)
    was_created = created(calendar.monday, number - book["first"])
    updated, closed = moments(calendar.monday, was_created, number, state)
    people = book["people"]
    return Ticket(
        team=book["team"],
        ref=entry["ref"],
        number=number,
        key=entry["key"],
        title=entry["title"],
        kind=entry["kind"],
        state=state,
        priority=entry["priority"],
        created=was_created,
        updated=updated,
        closed=closed,
        epic=entry.get("epic"),
        start=calendar.day(entry["start"]) if "start" in entry else None,
        due=calendar.day(entry["due"]) if "due" in entry else None,
        sprint=sprint,
        release=entry.get("release"),
        assignee=people[number % len(people)] if state in {"doing", "done"} else None,
        estimate=None if entry["kind"] == "epic" else estimate(number),
        labels=tuple(entry.get("labels", ())),
        components=tuple(entry.get("components", ())),
        blocked_by=tuple(entry.get("blocked_by", ())),
        text=_written(entry.get("says", ""), keys),
    )


def _written(text: str, keys: Mapping[str, str]) -> str:
    return re.sub(r"\{([\w-]+)\}", lambda match: keys[match[1]], text).strip()
