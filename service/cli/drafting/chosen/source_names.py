"""Keys and names for teams and sources, each once. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from service.cli.drafting.chosen.chosen_source import ChosenSource, KeyedSource

_LONGEST = 30  # characters of a key


def slug(text: str) -> str:
    """Small letters, digits and hyphens; empty where ``text`` has none that can be written so."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")


def keyed(wanted: Sequence[ChosenSource], names: Sequence[str]) -> list[KeyedSource]:
    """``names``: what each team may be called. A second of one name is told apart by its tracker."""
    keyed_sources: list[KeyedSource] = []
    for chosen, name in zip(wanted, names, strict=True):
        base = slug(name) or slug(chosen.place) or "team"
        team = _free((base, f"{base}-{chosen.type}"), [other.team for other in keyed_sources])
        key = _free((f"{base}-{chosen.type}",), [other.key for other in keyed_sources])
        keyed_sources.append(KeyedSource(key, team, chosen))
    return keyed_sources


def _free(wished: Iterable[str], taken: Sequence[str]) -> str:
    last = ""
    for last in wished:
        if last not in taken:
            return last
    return next(name for number in range(2, len(taken) + 3) if (name := f"{last}-{number}") not in taken)


def plain_name(wanted: ChosenSource) -> str:
    """A team's name by its place alone: ``acme/web-shop`` → ``Web shop``; a Jira project's key as it is."""
    if "repository" not in wanted.reads:
        return wanted.place
    words = re.sub(r"[-_.]+", " ", wanted.place.rpartition("/")[2]).strip()
    return words[:1].upper() + words[1:]


def product_name(wanted: Sequence[ChosenSource]) -> str:
    """A guess to start from: the organisation."""
    for chosen in wanted:
        owner = chosen.place.rpartition("/")[0] or re.sub(r"^\w+://(api\.)?|[.:/].*$", "", chosen.url)
        if slug(owner) and not slug(owner).isdigit():
            return owner[:1].upper() + owner[1:]
    return "Product"
