"""What is asked of an issue, made to what a host knows. Pure.

Connections inside an issue are read up to what nearly every issue needs; ``INNER`` says how to
read on where ``hasNextPage``. 100 issues of this size are about 50,000 of GitHub's 500,000 nodes.
"""

from collections.abc import Collection

_MORE = "pageInfo{hasNextPage}"
_REFERENCE = "number repository{nameWithOwner}"
_PROJECT_ITEM = (
    "isArchived project{id} fieldValues(first:50){nodes{"
    "... on ProjectV2ItemFieldDateValue{date field{... on ProjectV2FieldCommon{name}}} "
    "... on ProjectV2ItemFieldIterationValue{title startDate duration} "
    "... on ProjectV2ItemFieldSingleSelectValue{name field{... on ProjectV2FieldCommon{name}}} "
    "... on ProjectV2ItemFieldNumberValue{number field{... on ProjectV2FieldCommon{name}}}}}"
)
_FIELD_VALUE = (
    "... on IssueFieldDateValue{value field{... on IssueFieldCommon{name}}} "
    "... on IssueFieldSingleSelectValue{value:name field{... on IssueFieldCommon{name}}} "
    "... on IssueFieldTextValue{value field{... on IssueFieldCommon{name}}} "
    "... on IssueFieldNumberValue{number:value field{... on IssueFieldCommon{name}}}"
)
INNER = {
    "labels": "name",
    "blockedBy": _REFERENCE,
    "blocking": _REFERENCE,
    "issueFieldValues": _FIELD_VALUE,
    "projectItems": _PROJECT_ITEM,
}
_ALWAYS = (
    "id number title body state createdAt updatedAt closedAt url repository{id nameWithOwner} "
    f"labels(first:30){{nodes{{name}} {_MORE}}} assignees(first:5){{nodes{{login}}}} "
    "milestone{number title dueOn state}"
)
WHERE_KNOWN = {
    "stateReason": "stateReason(enableDuplicate:true)",
    "issueType": "issueType{name}",
    "parent": f"parent{{{_REFERENCE}}}",
    "subIssuesSummary": "subIssuesSummary{total}",
    "issueDependenciesSummary": "issueDependenciesSummary{totalBlockedBy}",
    "blockedBy": f"blockedBy(first:50){{nodes{{{_REFERENCE}}} {_MORE}}}",
    "blocking": f"blocking(first:50){{nodes{{{_REFERENCE}}} {_MORE}}}",
    "closedByPullRequestsReferences": "closedByPullRequestsReferences(first:10){nodes{state}}",
    "issueFieldValues": f"issueFieldValues(first:25){{nodes{{{_FIELD_VALUE}}} {_MORE}}}",
}
_PROJECT = f"projectItems(first:3){{nodes{{{_PROJECT_ITEM}}} {_MORE}}}"
MISSING = {
    "stateReason": "why an issue was closed: whatever is closed counts as done",
    "issueType": "issue types: kinds come from labels",
    "parent": "sub-issues: an issue's parent is not known",
    "subIssuesSummary": "how many sub-issues an issue has",
    "issueDependenciesSummary": "how many blockers are hidden from this credential",
    "blockedBy": "blocked-by links: dependencies come from descriptions only",
    "blocking": "blocking links: dependencies come from descriptions only",
    "closedByPullRequestsReferences": "linked pull requests: work under way shows by its Project status only",
    "issueFieldValues": "issue fields: dates and priority come from the Project, labels and milestones",
    "projectItems": "Projects: no dates, iterations, status and order from there",
    "timelineItems": "an issue's history: changes show only from one reading to the next",
}
"""Field of an issue → what a host without it cannot tell, for a person."""

_EVENT = "id createdAt actor{login}"
_SOMEONE = "assignee{... on Actor{login}}"
_FIELD = "issueField{... on IssueFieldCommon{name}}"
EVENTS = {
    "MILESTONED_EVENT": "MilestonedEvent{%s milestoneTitle}",
    "DEMILESTONED_EVENT": "DemilestonedEvent{%s milestoneTitle}",
    "ASSIGNED_EVENT": f"AssignedEvent{{%s {_SOMEONE}}}",
    "UNASSIGNED_EVENT": f"UnassignedEvent{{%s {_SOMEONE}}}",
    "CLOSED_EVENT": "ClosedEvent{%s stateReason}",
    "REOPENED_EVENT": "ReopenedEvent{%s}",
    "LABELED_EVENT": "LabeledEvent{%s label{name}}",
    "UNLABELED_EVENT": "UnlabeledEvent{%s label{name}}",
    "PROJECT_V2_ITEM_STATUS_CHANGED_EVENT": (
        "ProjectV2ItemStatusChangedEvent{%s previousStatus status project{id}}"
    ),
    "ISSUE_FIELD_ADDED_EVENT": f"IssueFieldAddedEvent{{%s value {_FIELD}}}",
    "ISSUE_FIELD_CHANGED_EVENT": f"IssueFieldChangedEvent{{%s previousValue newValue {_FIELD}}}",
    "ISSUE_FIELD_REMOVED_EVENT": f"IssueFieldRemovedEvent{{%s {_FIELD}}}",
}


def issue_fields(known: Collection[str], project: bool) -> str:
    """Everything an item is made of; ``known`` are the host's fields of an issue."""
    parts = [_ALWAYS, *(text for name, text in WHERE_KNOWN.items() if name in known)]
    if project and "projectItems" in known:
        parts.append(_PROJECT)
    return " ".join(parts)


def history(known: Collection[str], events: Collection[str]) -> str:
    """An issue's last 20 changes of the kinds a plan looks at; empty when the host has no such list."""
    kinds = [name for name in EVENTS if name in events]
    if "timelineItems" not in known or not kinds:
        return ""
    parts = " ".join(f"... on {EVENTS[name] % _EVENT}" for name in kinds)
    return f" timelineItems(last:20,itemTypes:[{','.join(kinds)}]){{nodes{{__typename {parts}}}}}"


def missing(known: Collection[str], project: bool) -> list[str]:
    """What the host's issues lack, in words."""
    return [
        words for name, words in MISSING.items() if name not in known and (project or name != "projectItems")
    ]
