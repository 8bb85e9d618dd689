"""What a person should know of a source before trusting what it shows, in sentences. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from service.api.trackers.source_report import SourceReport
from service.domain.plan.wording import Language

PARTS: Mapping[str, Mapping[Language, str]] = {
    "remote-links": {"en": "links to other trackers", "nl": "links naar andere trackers"},
    "history": {"en": "history", "nl": "geschiedenis"},
}
"""What parts of an item are called; those not in here by the connector's own name."""

MOST_NAMED = 5  # words or projects that a sentence names

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "late": "Nothing was read for more than three polls: is a worker running?",
        "limited": "It waits for its tracker's limit: {error}",
        "first": "It is being read for the first time: what is not in yet cannot be judged.",
        "rejected": "Records that could not be read: {count}; the first: {key}, {reason}.",
        "unmapped": "Words of the field {field} that mean nothing to attune yet: {names}. "
        "Map them in the product file.",
        "missing": "This tracker does not show {names}: attune cannot see them.",
        "hidden": "Blockers that the tracker counts and does not list: {count}.",
        "unread": "Still to be read, in the background: {part} of {count} items.",
        "unasked": "Names that the tracker is still to be asked about: {count}.",
        "unconfigured": "Open items wait for {names}, which no source reads ({count} references).",
        "stale": "Open items that nobody has touched for 180 days: {count}.",
    },
    "nl": {
        "late": "Er is meer dan drie keer achtereen niets gelezen: draait er een worker?",
        "limited": "De bron wacht op de limiet van zijn tracker: {error}",
        "first": "De bron wordt voor het eerst gelezen: wat er nog niet is, kan niet beoordeeld worden.",
        "rejected": "Records die niet gelezen konden worden: {count}; het eerste: {key}, {reason}.",
        "unmapped": "Woorden van het veld {field} die attune nog niets zeggen: {names}. "
        "Vertaal ze in het productbestand.",
        "missing": "Deze tracker toont geen {names}: attune kan dat niet zien.",
        "hidden": "Blokkades die de tracker telt en niet noemt: {count}.",
        "unread": "Nog te lezen, op de achtergrond: {part} van {count} items.",
        "unasked": "Namen waarnaar de tracker nog gevraagd moet worden: {count}.",
        "unconfigured": "Open items wachten op {names}, en geen bron leest dat ({count} verwijzingen).",
        "stale": "Open items die niemand 180 dagen heeft aangeraakt: {count}.",
    },
}


def warnings_of(report: SourceReport, language: Language) -> list[str]:
    """None for a source that is read well and whole. ``error`` of a failing one stands apart."""
    facts = (*_about_reading(report), *_about_work_left(report, language), *_about_items(report))
    return [_WORDS[language][name].format(**values) for name, values in facts]


Fact = tuple[str, dict[str, object]]  # a sentence's name and what it says


def _about_reading(report: SourceReport) -> Iterator[Fact]:
    row = report.row
    if report.state == "stale":
        yield "late", {}
    if row.error is not None and report.state != "failing":
        yield "limited", {"error": row.error}
    if not row.complete and report.state in ("ok", "syncing"):
        yield "first", {}
    if report.rejected:
        record = report.rejected[0]
        yield "rejected", {"count": row.rejected_count, "key": record.key, "reason": record.reason}
    for field, names in row.unmapped_words.items():
        yield "unmapped", {"field": field, "names": _listed(names)}
    if missing := row.told("missing"):
        yield "missing", {"names": _listed(missing)}


def _about_work_left(report: SourceReport, language: Language) -> Iterator[Fact]:
    for part, count in report.unread.items():
        yield "unread", {"part": PARTS.get(part, {}).get(language, part), "count": count}
    if report.unasked:
        yield "unasked", {"count": report.unasked}


def _about_items(report: SourceReport) -> Iterator[Fact]:
    if report.coverage.hidden:
        yield "hidden", {"count": report.coverage.hidden}
    if report.unconfigured:
        names = [project.project for project in report.unconfigured]
        count = sum(project.references for project in report.unconfigured)
        yield "unconfigured", {"names": _listed(names), "count": count}
    if report.stale_items:
        yield "stale", {"count": report.stale_items}


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" (+{more})" if more > 0 else "")
