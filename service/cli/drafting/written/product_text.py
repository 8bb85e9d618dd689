"""A whole product file as a PO can read it, drafted from what was found. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from service.cli.drafting.chosen.chosen_source import KeyedSource
from service.cli.drafting.chosen.source_names import plain_name, slug
from service.cli.drafting.written.source_text import source_lines
from service.cli.drafting.written.survey import Survey
from service.cli.drafting.written.yaml_text import (
    aligned,
    beside,
    clean,
    commented,
    comments,
    indented,
    listing,
    scalar,
)

_MOST = 8  # components, goals, lines that are proposed


class About(NamedTuple):
    name: str
    timezone: str
    language: str


class SurveyedSource(NamedTuple):
    source: KeyedSource
    found: Survey


def product_text(about: About, looks: Sequence[SurveyedSource], today: date) -> str:
    """``attune check`` takes it as it is once the variables it names are set."""
    sections = (
        _head(looks, today),
        _about(about),
        [
            beside("teams:", "their order settles ties in the overarching backlog"),
            *(line for look in looks for line in indented(_team(look), 2)),
        ],
        [
            beside("sources:", "what attune reads, and never writes to"),
            *(line for look in looks for line in [*indented(source_lines(*look), 2), ""]),
        ][:-1],
        _goals(looks),
        _shared(looks),
        _baseline(looks),
        _rest(),
    )
    return "\n\n".join("\n".join(_placed(lines)) for lines in sections) + "\n"


def _placed(lines: Sequence[str]) -> list[str]:
    return [placed for line in lines for placed in aligned(line)]


def _head(looks: Sequence[SurveyedSource], today: date) -> list[str]:
    names = dict.fromkeys(name for look in looks for name in look.source.wanted.auth.values())
    return [
        f"# Drafted by `attune init` on {today} from what the trackers hold; from here on it is yours.",
        "# Lines with # say what was found, or what can be set. `attune check` names every mistake",
        "# with its line; `attune check --online` also tries every credential.",
        "#",
        "# Secrets do not belong in this file. ${NAME} takes an environment variable or a line of .env; here",
        *comments(f"{', '.join(names)}."),
    ]


def _about(about: About) -> list[str]:
    return [
        "product:",
        f"  name: {scalar(about.name)}",
        "  # vision: what all teams work towards, in a sentence",
        beside(f"  timezone: {about.timezone}", "IANA name; every date is a day in it"),
        beside(f"  language: {about.language}", "of messages, agenda and page: en or nl"),
        beside("  # chief_po: {name: NAME, email: chief@example.com}", "decides when owners do not agree"),
    ]


def team_name(look: SurveyedSource) -> str:
    return clean(look.found.name or "") or plain_name(look.source.wanted)


def _team(look: SurveyedSource) -> list[str]:
    lines = [
        beside(f"key: {scalar(look.source.team)}", "small letters, digits and hyphens; the API uses it"),
        f"name: {scalar(team_name(look))}",
        beside(
            "# owner: {name: NAME, email: po@example.com}",
            "its PO: fill in",
        ),
        beside("# area: AREA", "what it looks after, in a few words"),
        *_components(look.found),
        *_done(look.found),
    ]
    return ["- " + lines[0], *indented(lines[1:], 2)]


def _components(survey: Survey) -> list[str]:
    used = list(survey.sample.components)[:_MOST]
    if not used:
        return [beside("# components: [COMPONENT]", "what it owns; its items name none")]
    return [beside(f"# components: {listing(used)}", "most used in its items; keep what it owns")]


def _done(survey: Survey) -> list[str]:
    if survey.capabilities is None or survey.sample.with_dod or survey.sample.dod_document:
        return []
    return [beside('# definition_of_done: ["Code reviewed"]', "no item carries one: write it here")]


def _spread(looks: Sequence[SurveyedSource], of: str) -> list[tuple[str, list[SurveyedSource]]]:
    """Words of the items with the sources that use them: the most widely used first."""
    users: dict[str, list[SurveyedSource]] = {}
    counts: Counter[str] = Counter()
    for look in looks:
        for word, count in getattr(look.found.sample, of).items():
            users.setdefault(word.casefold(), []).append(look)
            counts[word.casefold()] += count
    return sorted(users.items(), key=lambda one: (-len(one[1]), -counts[one[0]], one[0]))


def _goals(looks: Sequence[SurveyedSource]) -> list[str]:
    goal_labels = [(label, users) for label, users in _spread(looks, "labels") if slug(label)]
    wide = [one for one in goal_labels if len(one[1]) > 1] or goal_labels
    keys = {slug(label): (label, users) for label, users in reversed(wide[:_MOST])}
    lines = [
        beside(
            f"- {{key: {scalar(key)}, name: {scalar(label)}, select: {{labels: [{scalar(label)}]}}}}",
            f"a label in {_keys(users)}",
        )
        for key, (label, users) in reversed(keys.items())
    ]
    usual = ["- {key: promo, name: Joint spring promotion, select: {labels: [promo]}}"]
    head = "# Shared outcomes in the Chief PO's order, selected by labels, components, epics (keys) or title."
    return [head, *commented(["goals:", *indented(lines or usual, 2)])]


def _shared(looks: Sequence[SurveyedSource]) -> list[str]:
    wide = [(word, users) for word, users in _spread(looks, "components") if len(users) > 1]
    lines = [
        beside(f"- {{component: {scalar(word)}, max_parallel: 1}}", f"in {_keys(users)}")
        for word, users in wide[:_MOST]
    ]
    usual = ["- {component: COMPONENT, max_parallel: 1}"]
    head = "# Parts of the product that several teams touch, and how many epics may do so at the same time."
    return [head, *commented(["shared:", *indented(lines or usual, 2)])]


def _baseline(looks: Sequence[SurveyedSource]) -> list[str]:
    """Lines that several teams' Definitions of Done have, word for word."""
    texts = {line.casefold(): line for look in looks for line in look.found.sample.dod_lines}
    counts = Counter(
        text for look in looks for text in dict.fromkeys(map(str.casefold, look.found.sample.dod_lines))
    )
    wide = {
        slug(texts[text]): text for text, count in counts.most_common() if count > 1 and slug(texts[text])
    }
    lines = [
        beside(f"- {{id: {scalar(key)}, text: {scalar(texts[text])}}}", f"in {counts[text]} sources")
        for key, text in list(wide.items())[:_MOST]
    ]
    usual = ["- {id: review, text: Code reviewed}"]
    head = "# The Definition of Done that every team must at least meet."
    return [head, *commented(["definition_of_done:", *indented(lines or usual, 2)])]


def _keys(users: Sequence[SurveyedSource]) -> str:
    return clean(", ".join(look.source.key for look in users))


def _rest() -> list[str]:
    lines = [
        "escalation:",
        "  - {when: {severity: [critical, high]}, decider: chief_po, after: 2d}",
        'cadence: {every: week, day: monday, at: "10:00"}',
    ]
    head = "# Who decides when the owners do not agree, and after how long; and when the PO sync is."
    return [head, *commented(lines)]
