"""Values of issue fields and of Project fields, as their GraphQL types."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any


def is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def issue_values(identity: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_issue_value(f"IFV_{identity}_{name}", name, value) for name, value in values.items()]


def _issue_value(identity: str, name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, str):
        kind, shown = "Number", {"value": value}
    elif is_date(value):
        kind, shown = "Date", {"value": value}
    else:
        kind, shown = "SingleSelect", {"value": value, "name": value}
    field = {
        "__typename": f"IssueField{kind}",
        "id": f"IF_{name}",
        "name": name,
        "dataType": _data_type(kind),
    }
    return {"__typename": f"IssueField{kind}Value", "id": identity, "field": field, **shown}


def _data_type(kind: str) -> str:
    return "SINGLE_SELECT" if kind == "SingleSelect" else kind.upper()


def issue_fields(issues: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every field that one of the issues has a value of."""
    values = (value for one in issues for value in issue_values("", one["fields"]))
    return list({value["field"]["name"]: value["field"] for value in values}.values())


def project_fields(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every field that one of the rows has a value of."""
    values = (value for one in rows for value in project_item_values("", one["project"]["values"]))
    return list({value["field"]["name"]: value["field"] for value in values}.values())


def project_item_values(identity: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_project_value(f"{identity}_{name}", name, value) for name, value in values.items()]


def _project_value(identity: str, name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, tuple | list):
        title, start, days = value
        kind, field = "Iteration", "IterationField"
        shown: dict[str, Any] = {"iterationId": title, "title": title, "startDate": start, "duration": days}
    elif not isinstance(value, str):
        kind, field, shown = "Number", "Field", {"number": value}
    elif is_date(value):
        kind, field, shown = "Date", "Field", {"date": value}
    else:
        kind, field, shown = "SingleSelect", "SingleSelectField", {"name": value}
    about = {"__typename": f"ProjectV2{field}", "id": f"PVTF_{name}", "name": name}
    about["dataType"] = _data_type(kind)
    return {"__typename": f"ProjectV2ItemField{kind}Value", "id": identity, "field": about, **shown}
