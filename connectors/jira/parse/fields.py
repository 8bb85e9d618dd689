"""Which of a site's fields hold the plan: found by what they are, by name only where nothing else tells."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.contract import SourceError
from connectors.options import FieldMapping

_SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
_RANK = "com.pyxis.greenhopper.jira:gh-lexo-rank"
_EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
_EPIC_NAME = "com.pyxis.greenhopper.jira:gh-epic-label"
_PARENT_LINK = "com.atlassian.jpo:jpo-custom-field-parent"
_STORY_POINTS = "com.pyxis.greenhopper.jira:jsw-story-points"
_TEAMS = (
    "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team",
    "com.atlassian.teams:rm-teams-custom-field-team",
)
_TARGET_START = "com.atlassian.jpo:jpo-custom-field-baseline-start"
_TARGET_END = "com.atlassian.jpo:jpo-custom-field-baseline-end"

_SYSTEM = (
    "summary", "description", "issuetype", "status", "priority", "resolution", "resolutiondate",
    "statuscategorychangedate", "created", "updated", "project", "parent", "assignee", "labels",
    "components", "fixVersions", "duedate", "issuelinks", "security",
)  # fmt: skip
_SLOTS = (
    "due", "start", "sprint", "rank", "epic_link", "parent_link", "estimate", "definition_of_done", "team",
)  # fmt: skip
_DAYS = frozenset({"date", "datetime", "string", "any"})
_NUMBERS = frozenset({"number", "string", "any"})

Definition = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fields:
    """Field ids, the first with a value counts; several because names repeat within a site."""

    due: Sequence[str] = ("duedate",)
    start: Sequence[str] = ()
    sprint: Sequence[str] = ()
    rank: Sequence[str] = ()
    epic_link: Sequence[str] = ()
    epic_name: Sequence[str] = ()  # which only epics have
    parent_link: Sequence[str] = ()
    estimate: Sequence[str] = ()
    definition_of_done: Sequence[str] = ()
    team: Sequence[str] = ()  # of the history only
    level_clause: str | None = None  # what JQL calls the security level; None where there is none

    def wanted(self) -> list[str]:
        """Every field a search has to ask for."""
        custom = (
            *self.due, *self.start, *self.sprint, *self.rank, *self.epic_link, *self.epic_name,
            *self.parent_link, *self.estimate, *self.definition_of_done,
        )  # fmt: skip
        return list(dict.fromkeys((*_SYSTEM, *custom)))

    def described(self, listed: Iterable[Definition]) -> dict[str, str]:
        """{"due": "Target end (customfield_10023)"}, for the person who checks a source."""
        names = {str(one["id"]): str(one.get("name") or one["id"]) for one in listed}
        return {
            slot: ", ".join(f"{names.get(one, one)} ({one})" for one in getattr(self, slot))
            for slot in _SLOTS
            if getattr(self, slot)
        }


@dataclass(frozen=True, slots=True)
class Contest:
    """Several fields answer to one name, or are of one kind; ``chosen`` comes first, by use."""

    name: str
    candidates: Sequence[str]  # ids, the chosen one first


@dataclass(frozen=True, slots=True)
class Discovery:
    fields: Fields
    contests: Sequence[Contest] = ()


def discover(
    listed: Sequence[Definition],
    mapping: FieldMapping,
    dod_names: Sequence[str],
    project_id: str,
    use: Mapping[str, int] | None = None,
) -> Discovery:
    """From ``GET /field``. ``use``: how many of the project's recent issues have a value, by field id.

    Raises SourceError (mapping): a mapped field is gone or of another type.
    """
    find = _Finder(listed, project_id, use or {})
    is_dod = _dod_pattern(dod_names)
    fields = Fields(
        due=_unique(
            find.mapped(mapping.due, _DAYS),
            find.custom(_TARGET_END),
            find.named("target end", "date"),
            ["duedate"],
        ),
        start=_unique(
            find.mapped(mapping.start, _DAYS),
            find.custom(_TARGET_START),
            find.named("target start", "date"),
            find.named("start date", "date"),
        ),
        sprint=find.custom(_SPRINT),
        rank=find.custom(_RANK),
        epic_link=find.custom(_EPIC_LINK),
        epic_name=find.custom(_EPIC_NAME),
        parent_link=find.custom(_PARENT_LINK),
        team=[one for kind in _TEAMS for one in find.custom(kind)],
        estimate=_unique(
            find.mapped(mapping.estimate, _NUMBERS),
            find.named("story points", "number"),
            find.custom(_STORY_POINTS),
        ),
        definition_of_done=[id_ for name in mapping.definition_of_done for id_ in find.mapped(name, None)]
        or find.fitting(lambda one: bool(one.get("custom")) and bool(is_dod.search(_name(one)))),
        level_clause=find.clause("security"),
    )
    return Discovery(fields, find.contests)


class _Finder:
    """Fields of one project: its own, and those of the whole site."""

    def __init__(self, listed: Sequence[Definition], project_id: str, use: Mapping[str, int]) -> None:
        self._listed = [one for one in listed if _is_in_scope(one, project_id)]
        self._use = use
        self.contests: list[Contest] = []

    def fitting(self, fits: Callable[[Definition], bool]) -> list[str]:
        return [str(one["id"]) for one in self._listed if fits(one)]

    def custom(self, kind: str) -> list[str]:
        return self._by_use([one for one in self._listed if _schema(one).get("custom") == kind])

    def named(self, name: str, kind: str) -> list[str]:
        return self._by_use(
            [one for one in self._listed if _name(one) == name and _schema(one).get("type") == kind]
        )

    def mapped(self, name: str | None, kinds: frozenset[str] | None) -> list[str]:
        """The field that a person named. Raises SourceError."""
        if not name:
            return []
        wanted = name.strip().casefold()
        named = [one for one in self._listed if _name(one) == wanted or str(one["id"]).casefold() == wanted]
        if not named:
            raise SourceError("mapping", f'There is no field "{name}" (mapping.fields).')
        fitting = [one for one in named if kinds is None or _schema(one).get("type") in kinds]
        if not fitting:
            kind = _schema(named[0]).get("type")
            raise SourceError(
                "mapping", f'The field "{name}" holds {kind}, which does not fit (mapping.fields).'
            )
        return self._by_use(fitting)[:1]

    def clause(self, field_id: str) -> str | None:
        """What JQL calls a field."""
        named = next((one for one in self._listed if one["id"] == field_id), {})
        return next(iter(named.get("clauseNames") or ()), None)

    def _by_use(self, found: Sequence[Definition]) -> list[str]:
        """The project's own before the site's, then the most filled, then as listed."""
        ordered = sorted(found, key=lambda one: (not one.get("scope"), -self._use.get(str(one["id"]), 0)))
        ids = [str(one["id"]) for one in ordered]
        if len(ids) > 1:
            self.contests.append(Contest(str(ordered[0].get("name") or ids[0]), ids))
        return ids


def _schema(one: Definition) -> Mapping[str, Any]:
    return one.get("schema") or {}


def _name(one: Definition) -> str:
    return str(one.get("name") or "").strip().casefold()


def _unique(*groups: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one for group in groups for one in group))


def _is_in_scope(one: Definition, project_id: str) -> bool:
    """Team-managed projects have their own fields, of the same names as everyone else's."""
    project = (one.get("scope") or {}).get("project") or {}
    return not project or str(project.get("id")) == project_id


def _dod_pattern(names: Sequence[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(name.casefold()) for name in names)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else re.compile(r"(?!)")
