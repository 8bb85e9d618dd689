"""GraphQL texts. Pure."""

from collections.abc import Collection, Sequence

from connectors.github.graphql.selection import INNER

_INFO = "pageInfo{hasNextPage endCursor}"
_MILESTONE = "id number title description state dueOn createdAt updatedAt closedAt url"
_REPOSITORY = "query($owner:String!,$name:String!"
ABOUT_SCHEMA = (
    '{viewer{login} issue:__type(name:"Issue"){fields{name}} '
    'repository:__type(name:"Repository"){fields{name}} '
    'events:__type(name:"IssueTimelineItemsItemType"){enumValues{name}}}'
)
MILESTONES = (
    f"{_REPOSITORY},$after:String){{repository(owner:$owner,name:$name){{"
    f"milestones(first:100,after:$after){{{_INFO} nodes{{{_MILESTONE}}}}}}}}}"
)
MILESTONE_ISSUES = (
    f"{_REPOSITORY},$number:Int!,$after:String){{repository(owner:$owner,name:$name){{"
    f"milestone(number:$number){{issues(first:100,after:$after,states:[OPEN]){{{_INFO} nodes{{id}}}}}}}}}}"
)
IDENTITIES = (
    f"{_REPOSITORY},$after:String){{repository(owner:$owner,name:$name){{"
    f"issues(first:100,after:$after,orderBy:{{field:CREATED_AT,direction:ASC}}){{{_INFO} nodes{{id}}}}}}}}"
)


def _project(asked: str, more: str = "") -> str:
    return (
        f"query($login:String!,$number:Int!{more}){{repositoryOwner(login:$login){{"
        f"... on ProjectV2Owner{{projectV2(number:$number){{{asked}}}}}}}}}"
    )


PROJECT = _project(
    "id title items(first:1){totalCount} fields(first:50){nodes{... on ProjectV2FieldCommon{name dataType}}}"
)
ORDER = _project(
    f"items(first:100,after:$after){{totalCount {_INFO} "
    "nodes{updatedAt isArchived content{... on Issue{id updatedAt}}}}",
    ",$after:String",
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


def page(fields: str) -> str:
    return (
        f"{_REPOSITORY},$first:Int!,$after:String,$since:DateTime){{"
        "repository(owner:$owner,name:$name){issues(first:$first,after:$after,"
        "orderBy:{field:UPDATED_AT,direction:ASC},filterBy:{since:$since}){"
        f"totalCount {_INFO} nodes{{{fields}}}}}}}}}"
    )


def first_page(fields: str) -> str:
    """The same, and the milestones that changed last: their dates move no issue's ``updatedAt``."""
    newest = "milestones(first:50,orderBy:{field:UPDATED_AT,direction:DESC})"
    return f"{page(fields)[:-2]} {newest}{{nodes{{{_MILESTONE}}}}}}}}}"


def project_page(fields: str) -> str:
    """A Project's rows in its order, each issue whole."""
    return _project(
        f"items(first:$first,after:$after){{totalCount {_INFO} "
        f"nodes{{isArchived content{{... on Issue{{{fields}}}}}}}}}",
        ",$first:Int!,$after:String",
    )


def issues_by_number(fields: str, numbers: Sequence[Sequence[int]]) -> str:
    """Issues of several repositories, ``$owner0 $name0`` and on, by alias ``i12`` within alias ``r0``."""
    given = ",".join(f"$owner{alias}:String!,$name{alias}:String!" for alias in range(len(numbers)))
    parts = " ".join(
        f"r{alias}:repository(owner:$owner{alias},name:$name{alias}){{id {_issues(wanted)}}}"
        for alias, wanted in enumerate(numbers)
    )
    return f"query({given}){{{parts}}} fragment found on Issue{{{fields}}}"


def _issues(numbers: Sequence[int]) -> str:
    return " ".join(f"i{one}:issue(number:{one}){{...found}}" for one in numbers)


def issues_by_id(fields: str) -> str:
    return f"query($ids:[ID!]!){{nodes(ids:$ids){{... on Issue{{{fields}}}}}}}"


def inner(name: str) -> str:
    """The rest of one connection inside an issue."""
    return (
        "query($id:ID!,$after:String){node(id:$id){... on Issue{"
        f"{name}(first:100,after:$after){{{_INFO} nodes{{{INNER[name]}}}}}}}}}}}"
    )


def news(count: int) -> str:
    """What changed in several repositories, by alias ``r0`` and on: ids and moments only."""
    given = ",".join(f"$owner{one}:String!,$name{one}:String!,$since{one}:DateTime" for one in range(count))
    parts = " ".join(
        f"r{one}:repository(owner:$owner{one},name:$name{one}){{"
        f"issues(first:50,orderBy:{{field:UPDATED_AT,direction:DESC}},filterBy:{{since:$since{one}}}){{"
        "pageInfo{hasNextPage} nodes{id updatedAt}} "
        "milestones(first:20,orderBy:{field:UPDATED_AT,direction:DESC}){nodes{id updatedAt}}}"
        for one in range(count)
    )
    return f"query({given}){{{parts}}}"


def about_repository(known: Collection[str], issue_known: Collection[str]) -> str:
    """What a repository uses, and the documents that may hold its Definition of Done."""
    parts = ["id nameWithOwner hasIssuesEnabled", 'labels(first:20,query:"epic"){nodes{name}}']
    parts.append("milestones(first:1){totalCount} all:issues(first:1){totalCount}")
    if "issueTypes" in known:
        parts.append("issueTypes(first:50){nodes{name}}")
    if "issueTemplates" in known:
        parts.append("issueTemplates{body}")
    if "issueFields" in known:
        parts.append("issueFields(first:50){nodes{... on IssueFieldCommon{name dataType}}}")
    if "subIssuesSummary" in issue_known:
        newest = "first:50,orderBy:{field:UPDATED_AT,direction:DESC}"
        parts.append(f"recent:issues({newest}){{nodes{{subIssuesSummary{{total}}}}}}")
    for number, path in enumerate(DOD_FILES):
        parts.append(f'dod{number}:object(expression:"HEAD:{path}"){{... on Blob{{text}}}}')
    return f"{_REPOSITORY}){{repository(owner:$owner,name:$name){{{' '.join(parts)}}}}}"
