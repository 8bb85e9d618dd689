"""Values of issue fields and of Project fields, as their GraphQL types."""

from collections.abc import Mapping
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
    field = {"__typename": f"IssueField{kind}", "id": f"IF_{name}", "name": name}
    return {"__typename": f"IssueField{kind}Value", "id": identity, "field": field, **shown}


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
    return {"__typename": f"ProjectV2ItemField{kind}Value", "id": identity, "field": about, **shown}
