"""The fields of a typical Jira Software site, as ``GET /field`` lists them."""

from typing import Any

SPRINT = "customfield_10020"
RANK = "customfield_10019"
EPIC_LINK = "customfield_10014"
EPIC_NAME = "customfield_10011"
PARENT_LINK = "customfield_10018"
STORY_POINTS = "customfield_10016"
START_DATE = "customfield_10015"
TARGET_START = "customfield_10022"
TARGET_END = "customfield_10023"
DEFINITION_OF_DONE = "customfield_10040"
DONE_CRITERIA = "customfield_10041"
TEAM = "customfield_10001"

_SYSTEM = {
    "summary": ("Summary", "string"),
    "issuetype": ("Issue Type", "issuetype"),
    "status": ("Status", "status"),
    "priority": ("Priority", "priority"),
    "resolution": ("Resolution", "resolution"),
    "resolutiondate": ("Resolved", "datetime"),
    "created": ("Created", "datetime"),
    "updated": ("Updated", "datetime"),
    "project": ("Project", "project"),
    "assignee": ("Assignee", "user"),
    "labels": ("Labels", "array"),
    "components": ("Components", "array"),
    "fixVersions": ("Fix versions", "array"),
    "duedate": ("Due date", "date"),
    "description": ("Description", "string"),
    "issuelinks": ("Linked Issues", "array"),
    "security": ("Security Level", "securitylevel"),
}
_PLAIN = "com.atlassian.jira.plugin.system.customfieldtypes"
_CUSTOM = {
    SPRINT: ("Sprint", "array", "com.pyxis.greenhopper.jira:gh-sprint"),
    RANK: ("Rank", "any", "com.pyxis.greenhopper.jira:gh-lexo-rank"),
    EPIC_LINK: ("Epic Link", "any", "com.pyxis.greenhopper.jira:gh-epic-link"),
    EPIC_NAME: ("Epic Name", "string", "com.pyxis.greenhopper.jira:gh-epic-label"),
    PARENT_LINK: ("Parent Link", "any", "com.atlassian.jpo:jpo-custom-field-parent"),
    STORY_POINTS: ("Story Points", "number", f"{_PLAIN}:float"),
    START_DATE: ("Start date", "date", f"{_PLAIN}:datepicker"),
    TARGET_START: ("Target start", "date", "com.atlassian.jpo:jpo-custom-field-baseline-start"),
    TARGET_END: ("Target end", "date", "com.atlassian.jpo:jpo-custom-field-baseline-end"),
    DEFINITION_OF_DONE: ("Definition of Done", "string", f"{_PLAIN}:textarea"),
    TEAM: ("Team", "team", f"{_PLAIN}:atlassian-team"),
    DONE_CRITERIA: ("Done criteria", "array", f"{_PLAIN}:multicheckboxes"),
}


_CLAUSES = {"security": "level", "fixVersions": "fixVersion", "components": "component"}


def _entry(key: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    custom = key.startswith("customfield_")
    clauses = [f"cf[{key.rpartition('_')[2]}]", name] if custom else [_CLAUSES.get(key, key)]
    common = {"orderable": True, "navigable": True, "searchable": True, "clauseNames": clauses}
    return {"id": key, "key": key, "name": name, "custom": custom, **common, "schema": schema}


DEFAULT_FIELDS: list[dict[str, Any]] = [
    *(_entry(key, name, {"type": kind, "system": key}) for key, (name, kind) in _SYSTEM.items()),
    *(
        _entry(key, name, {"type": kind, "custom": custom, "customId": int(key.rpartition("_")[2])})
        for key, (name, kind, custom) in _CUSTOM.items()
    ),
]
