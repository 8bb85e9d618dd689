"""GraphQL texts, made to what a host knows. Pure.

Connections inside an issue are read up to the trackers' own limits (50 dependencies of a kind);
100 issues of this size stay far below GitHub's 500,000 nodes.
"""

from collections.abc import Collection, Sequence

_ALWAYS = (
    "id number title body state createdAt updatedAt closedAt url "
    "labels(first:50){nodes{name}} assignees(first:5){nodes{login}} "
    "milestone{number title dueOn state}"
)
_WHERE_KNOWN = {
    "stateReason": "stateReason(enableDuplicate:true)",
    "issueType": "issueType{name}",
    "parent": "parent{number repository{nameWithOwner}}",
    "subIssuesSummary": "subIssuesSummary{total}",
    "issueDependenciesSummary": "issueDependenciesSummary{totalBlockedBy}",
    "blockedBy": "blockedBy(first:50){nodes{number repository{nameWithOwner}}}",
    "blocking": "blocking(first:50){nodes{number repository{nameWithOwner}}}",
    "closedByPullRequestsReferences": "closedByPullRequestsReferences(first:10){nodes{state}}",
    "issueFieldValues": (
        "issueFieldValues(first:25){nodes{"
        "... on IssueFieldDateValue{value field{... on IssueFieldCommon{name}}} "
        "... on IssueFieldSingleSelectValue{value:name field{... on IssueFieldCommon{name}}} "
        "... on IssueFieldTextValue{value field{... on IssueFieldCommon{name}}} "
        "... on IssueFieldNumberValue{number:value field{... on IssueFieldCommon{name}}}}}"
    ),
}
_PROJECT = (
    "projectItems(first:10){nodes{isArchived project{id} fieldValues(first:30){nodes{"
    "... on ProjectV2ItemFieldDateValue{date field{... on ProjectV2FieldCommon{name}}} "
    "... on ProjectV2ItemFieldIterationValue{title startDate duration} "
    "... on ProjectV2ItemFieldSingleSelectValue{name field{... on ProjectV2FieldCommon{name}}} "
    "... on ProjectV2ItemFieldNumberValue{number field{... on ProjectV2FieldCommon{name}}}}}}}"
)
ABOUT_SCHEMA = (
    '{viewer{login} issue:__type(name:"Issue"){fields{name}} '
    'repository:__type(name:"Repository"){fields{name}}}'
)
MILESTONES = (
    "query($owner:String!,$name:String!,$after:String){repository(owner:$owner,name:$name){"
    "milestones(first:100,after:$after){pageInfo{hasNextPage endCursor} "
    "nodes{id number title description state dueOn createdAt updatedAt closedAt url}}}}"
)
PROJECT = (
    "query($login:String!,$number:Int!){repositoryOwner(login:$login){"
    "... on ProjectV2Owner{projectV2(number:$number){id title}}}}"
)
ORDER = (
    "query($login:String!,$number:Int!,$after:String){repositoryOwner(login:$login){"
    "... on ProjectV2Owner{projectV2(number:$number){"
    "items(first:100,after:$after){pageInfo{hasNextPage endCursor} nodes{content{... on Issue{id}}}}}}}}"
)
DOD_FILES = (
    "DEFINITION_OF_DONE.md",
    "definition-of-done.md",
    "docs/definition-of-done.md",
    "docs/DEFINITION_OF_DONE.md",
    ".github/DEFINITION_OF_DONE.md",
    ".github/definition-of-done.md",
    "DOD.md",
    "docs/dod.md",
)


def issue_fields(known: Collection[str], project: bool) -> str:
    parts = [_ALWAYS, *(text for name, text in _WHERE_KNOWN.items() if name in known)]
    if project and "projectItems" in known:
        parts.append(_PROJECT)
    return " ".join(parts)


def missing(known: Collection[str]) -> list[str]:
    """Names of the fields of an issue that the host does not know."""
    return [name for name in _WHERE_KNOWN if name not in known]


def page(fields: str) -> str:
    return (
        "query($owner:String!,$name:String!,$first:Int!,$after:String,$since:DateTime){"
        "repository(owner:$owner,name:$name){issues(first:$first,after:$after,"
        "orderBy:{field:UPDATED_AT,direction:ASC},filterBy:{since:$since}){"
        f"totalCount pageInfo{{hasNextPage endCursor}} nodes{{{fields}}}}}}}}}"
    )


def by_number(fields: str, numbers: Sequence[int]) -> str:
    """These issues by alias ``i12``, with the repository they are in now."""
    parts = " ".join(f"i{one}:issue(number:{one}){{...found}}" for one in numbers)
    return (
        f"query($owner:String!,$name:String!){{repository(owner:$owner,name:$name){{id {parts}}}}}"
        f" fragment found on Issue{{{fields} repository{{id}}}}"
    )


def about_repository(known: Collection[str], issue_known: Collection[str]) -> str:
    """What a repository uses, and the documents that may hold its Definition of Done."""
    parts = ["id nameWithOwner hasIssuesEnabled", 'labels(first:20,query:"epic"){nodes{name}}']
    parts.append("milestones(first:1){totalCount}")
    if "issueTypes" in known:
        parts.append("issueTypes(first:50){nodes{name}}")
    if "issueTemplates" in known:
        parts.append("issueTemplates{body}")
    if "subIssuesSummary" in issue_known:
        newest = "first:50,orderBy:{field:UPDATED_AT,direction:DESC}"
        parts.append(f"recent:issues({newest}){{nodes{{subIssuesSummary{{total}}}}}}")
    for place, path in enumerate(DOD_FILES):
        parts.append(f'dod{place}:object(expression:"HEAD:{path}"){{... on Blob{{text}}}}')
    asked = " ".join(parts)
    return f"query($owner:String!,$name:String!){{repository(owner:$owner,name:$name){{{asked}}}}}"
