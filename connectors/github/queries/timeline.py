"""What is asked of an issue's timeline: the changes that a plan looks at. Pure."""

from collections.abc import Collection

_EVENT = "id createdAt actor{login}"
_SOMEONE = "assignee{... on Actor{login}}"
_FIELD = "issueField{... on IssueFieldCommon{name}}"
EVENTS = {
    "MILESTONED_EVENT": f"MilestonedEvent{{{_EVENT} milestoneTitle}}",
    "DEMILESTONED_EVENT": f"DemilestonedEvent{{{_EVENT} milestoneTitle}}",
    "ASSIGNED_EVENT": f"AssignedEvent{{{_EVENT} {_SOMEONE}}}",
    "UNASSIGNED_EVENT": f"UnassignedEvent{{{_EVENT} {_SOMEONE}}}",
    "CLOSED_EVENT": f"ClosedEvent{{{_EVENT} stateReason}}",
    "REOPENED_EVENT": f"ReopenedEvent{{{_EVENT}}}",
    "LABELED_EVENT": f"LabeledEvent{{{_EVENT} label{{name}}}}",
    "UNLABELED_EVENT": f"UnlabeledEvent{{{_EVENT} label{{name}}}}",
    "PROJECT_V2_ITEM_STATUS_CHANGED_EVENT": (
        f"ProjectV2ItemStatusChangedEvent{{{_EVENT} previousStatus status project{{id}}}}"
    ),
    "ISSUE_FIELD_ADDED_EVENT": f"IssueFieldAddedEvent{{{_EVENT} value {_FIELD}}}",
    "ISSUE_FIELD_CHANGED_EVENT": f"IssueFieldChangedEvent{{{_EVENT} previousValue newValue {_FIELD}}}",
    "ISSUE_FIELD_REMOVED_EVENT": f"IssueFieldRemovedEvent{{{_EVENT} {_FIELD}}}",
}
"""Kind of a change, as the schema lists it → what is asked of one."""


def timeline(event_kinds: Collection[str]) -> str:
    """The last 20; empty when the host knows none of the kinds."""
    kinds = [kind for kind in EVENTS if kind in event_kinds]
    if not kinds:
        return ""
    parts = " ".join(f"... on {EVENTS[kind]}" for kind in kinds)
    return f"timelineItems(last:$rows,itemTypes:[{','.join(kinds)}]){{nodes{{__typename {parts}}}}}"
