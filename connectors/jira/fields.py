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
_PARENT_LINK = "com.atlassian.jpo:jpo-custom-field-parent"
_STORY_POINTS = "com.pyxis.greenhopper.jira:jsw-story-points"
_TARGET_START = "com.atlassian.jpo:jpo-custom-field-baseline-start"
_TARGET_END = "com.atlassian.jpo:jpo-custom-field-baseline-end"

_SYSTEM = (
    "summary", "description", "issuetype", "status", "priority", "resolution", "resolutiondate",
    "statuscategorychangedate", "created", "updated", "project", "parent", "assignee", "labels",
    "components", "fixVersions", "duedate", "issuelinks", "security",
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
    parent_link: Sequence[str] = ()
    estimate: Sequence[str] = ()
    definition_of_done: Sequence[str] = ()

    def wanted(self) -> list[str]:
        """Every field a search has to ask for."""
        custom = (
            *self.due, *self.start, *self.sprint, *self.rank, *self.epic_link, *self.parent_link,
            *self.estimate, *self.definition_of_done,
        )  # fmt: skip
        return list(dict.fromkeys((*_SYSTEM, *custom)))

    def described(self, listed: Iterable[Definition]) -> dict[str, str]:
        """{"due": "Target end (customfield_10023)"}, for the person who checks a source."""
        names = {str(one["id"]): str(one.get("name") or one["id"]) for one in listed}
        return {
            slot: ", ".join(f"{names.get(one, one)} ({one})" for one in getattr(self, slot))
            for slot in self.__slots__
            if getattr(self, slot)
        }


def discover(
    listed: Sequence[Definition], mapping: FieldMapping, dod_names: Sequence[str], project_id: str
) -> Fields:
    """From ``GET /field``. Raises SourceError (mapping): a mapped field is gone or of another type."""
    usable = [one for one in listed if _is_in_scope(one, project_id)]

    def custom(kind: str) -> list[str]:
        return _ids(usable, lambda one: _schema(one).get("custom") == kind)

    def named(name: str, kind: str) -> list[str]:
        return _ids(usable, lambda one: _name(one) == name and _schema(one).get("type") == kind)

    def mapped(name: str | None, kinds: frozenset[str]) -> list[str]:
        return [_resolve(usable, name, kinds)] if name else []

    is_dod = _dod_pattern(dod_names)
    return Fields(
        due=_unique(
            mapped(mapping.due, _DAYS), custom(_TARGET_END), named("target end", "date"), ["duedate"]
        ),
        start=_unique(
            mapped(mapping.start, _DAYS),
            custom(_TARGET_START),
            named("target start", "date"),
            named("start date", "date"),
        ),
        sprint=custom(_SPRINT),
        rank=custom(_RANK),
        epic_link=custom(_EPIC_LINK),
        parent_link=custom(_PARENT_LINK),
        estimate=_unique(
            mapped(mapping.estimate, _NUMBERS), named("story points", "number"), custom(_STORY_POINTS)
        ),
        definition_of_done=[_resolve(usable, name) for name in mapping.definition_of_done]
        or _ids(usable, lambda one: bool(one.get("custom")) and bool(is_dod.search(_name(one)))),
    )


def _schema(one: Definition) -> Mapping[str, Any]:
    return one.get("schema") or {}


def _name(one: Definition) -> str:
    return str(one.get("name") or "").strip().casefold()


def _ids(listed: Iterable[Definition], fits: Callable[[Definition], bool]) -> list[str]:
    return [str(one["id"]) for one in listed if fits(one)]


def _unique(*groups: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one for group in groups for one in group))


def _is_in_scope(one: Definition, project_id: str) -> bool:
    """Team-managed projects have their own fields, of the same names as everyone else's."""
    project = (one.get("scope") or {}).get("project") or {}
    return not project or str(project.get("id")) == project_id


def _resolve(listed: Iterable[Definition], name: str, kinds: frozenset[str] | None = None) -> str:
    wanted = name.strip().casefold()
    found = [one for one in listed if _name(one) == wanted or str(one["id"]).casefold() == wanted]
    if not found:
        raise SourceError("mapping", f'There is no field "{name}" (mapping.fields).')
    fitting = [one for one in found if kinds is None or _schema(one).get("type") in kinds]
    if not fitting:
        kind = _schema(found[0]).get("type")
        raise SourceError("mapping", f'The field "{name}" holds {kind}, which does not fit (mapping.fields).')
    return str(fitting[0]["id"])


def _dod_pattern(names: Sequence[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(name.casefold()) for name in names)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else re.compile(r"(?!)")
