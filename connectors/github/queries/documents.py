"""GraphQL texts; ``$first`` says how many rows are asked for. Pure."""

from collections.abc import Collection, Sequence

from connectors.github.queries.selection import CONNECTIONS, PROJECT_VALUES

_INFO = "pageInfo{hasNextPage endCursor}"
_MILESTONE = "id number title description state dueOn createdAt updatedAt closedAt url"
_NAME = "id number updatedAt repository{nameWithOwner}"
_ROWS = "$first:Int!,$after:String"
_REPOSITORY = "query($owner:String!,$name:String!"
_NEWEST = "orderBy:{field:UPDATED_AT,direction:DESC}"
_PAGED = "first:$first,after:$after"
ABOUT_SCHEMA = (
    '{viewer{login} issue:__type(name:"Issue"){fields{name}} '
    'repository:__type(name:"Repository"){fields{name}} '
    'events:__type(name:"IssueTimelineItemsItemType"){enumValues{name}}}'
)


def _of_repository(asked: str, more: str = f",{_ROWS}") -> str:
    return f"{_REPOSITORY}{more}){{repository(owner:$owner,name:$name){{{asked}}}}}"


def _of_project(asked: str) -> str:
    return (
        f"query($login:String!,$number:Int!,{_ROWS}){{repositoryOwner(login:$login){{"
        f"... on ProjectV2Owner{{projectV2(number:$number){{{asked}}}}}}}}}"
    )


MILESTONES = _of_repository(f"milestones({_PAGED}){{{_INFO} nodes{{{_MILESTONE}}}}}")
CHANGED_MILESTONES = _of_repository(f"milestones({_PAGED},{_NEWEST}){{{_INFO} nodes{{{_MILESTONE}}}}}")
MILESTONE_ISSUES = _of_repository(
    f"milestone(number:$number){{issues({_PAGED},states:[OPEN]){{{_INFO} nodes{{id}}}}}}",
    f",$number:Int!,{_ROWS}",
)
IDENTITIES = _of_repository(
    f"issues({_PAGED},orderBy:{{field:CREATED_AT,direction:ASC}}){{{_INFO} nodes{{id}}}}"
)
PROJECT = _of_project(
    f"id title items(first:1){{totalCount}} "
    f"fields({_PAGED}){{{_INFO} nodes{{... on ProjectV2FieldCommon{{name dataType}}}}}}"
)
_ROW = "updatedAt isArchived content{... on Issue{id updatedAt}}"
ORDER = _of_project(f"items({_PAGED}){{totalCount {_INFO} nodes{{{_ROW}}}}}")
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


def _issues_since(nodes: str) -> str:
    return (
        f"issues({_PAGED},orderBy:{{field:UPDATED_AT,direction:ASC}},filterBy:{{since:$since}})"
        f"{{totalCount {_INFO} nodes{{{nodes}}}}}"
    )


_SINCE = f",{_ROWS},$since:DateTime"
NAMES = _of_repository(_issues_since(_NAME), _SINCE)
PROJECT_NAMES = _of_project(
    f"items({_PAGED}){{totalCount {_INFO} nodes{{isArchived content{{... on Issue{{{_NAME}}}}}}}}}"
)


def page(fields: str) -> str:
    return _of_repository(_issues_since(fields), _SINCE)


def first_page(fields: str) -> str:
    """The same, and the milestones that changed last: their dates move no issue's ``updatedAt``."""
    newest = f"milestones(first:$first,{_NEWEST}){{{_INFO} nodes{{{_MILESTONE}}}}}"
    return _of_repository(f"{_issues_since(fields)} {newest}", _SINCE)


def project_page(fields: str) -> str:
    """A Project's rows in its order, each issue whole."""
    return _of_project(
        f"items({_PAGED}){{totalCount {_INFO} nodes{{isArchived content{{... on Issue{{{fields}}}}}}}}}"
    )


def issues_by_number(fields: str, numbers: Sequence[Sequence[int]]) -> str:
    """Issues of several repositories, ``$owner0 $name0`` and on, by alias ``i12`` within alias ``r0``."""
    given = ",".join(f"$owner{alias}:String!,$name{alias}:String!" for alias in range(len(numbers)))
    parts = " ".join(
        f"r{alias}:repository(owner:$owner{alias},name:$name{alias}){{id {_issues(wanted)}}}"
        for alias, wanted in enumerate(numbers)
    )
    return f"query({given}){{{parts}}} fragment whole on Issue{{{fields}}}"


def _issues(numbers: Sequence[int]) -> str:
    return " ".join(f"i{one}:issue(number:{one}){{...whole}}" for one in numbers)


def issues_by_id(fields: str) -> str:
    return f"query($ids:[ID!]!){{nodes(ids:$ids){{... on Issue{{{fields}}}}}}}"


def connection(name: str) -> str:
    """The rest of one connection inside an issue."""
    return (
        f"query($id:ID!,{_ROWS}){{node(id:$id){{... on Issue{{"
        f"{name}({_PAGED}){{{_INFO} nodes{{{CONNECTIONS[name]}}}}}}}}}}}"
    )


def project_values() -> str:
    """The rest of the values of a Project's row."""
    return (
        f"query($id:ID!,{_ROWS}){{node(id:$id){{... on ProjectV2Item{{"
        f"fieldValues({_PAGED}){{{_INFO} nodes{{{PROJECT_VALUES}}}}}}}}}}}"
    )


def news(count: int) -> str:
    """What changed in several repositories, by alias ``r0`` and on: ids and moments only, for one point."""
    given = ",".join(f"$owner{one}:String!,$name{one}:String!,$since{one}:DateTime" for one in range(count))
    parts = " ".join(
        f"r{one}:repository(owner:$owner{one},name:$name{one}){{nameWithOwner "
        f"issues(first:$first,{_NEWEST},filterBy:{{since:$since{one}}}){{"
        "pageInfo{hasNextPage} nodes{id updatedAt}} "
        f"milestones(first:$first,{_NEWEST}){{pageInfo{{hasNextPage}} nodes{{id updatedAt}}}}}}"
        for one in range(count)
    )
    return f"query($first:Int!,{given}){{{parts}}}"


def news_and_order(count: int) -> str:
    """The same, and a Project's first ``$rows`` rows as ORDER asks for them."""
    project = (
        "repositoryOwner(login:$login){... on ProjectV2Owner{projectV2(number:$number){"
        f"items(first:$rows){{totalCount {_INFO} nodes{{{_ROW}}}}}}}}}}}"
    )
    text = news(count)
    return f"query($login:String!,$number:Int!,$rows:Int!,{text[len('query(') : -1]} {project}}}"


def look_up(names: Sequence[Sequence[tuple[str, int]]], has_discussions: bool) -> str:
    """What stands under numbers of several repositories: ``i12`` an issue, ``m3`` a milestone."""
    given = ",".join(f"$owner{alias}:String!,$name{alias}:String!" for alias in range(len(names)))
    parts = " ".join(
        f"r{alias}:repository(owner:$owner{alias},name:$name{alias},followRenames:true){{nameWithOwner "
        f"{' '.join(_numbered(kind, number, has_discussions) for kind, number in wanted)}}}"
        for alias, wanted in enumerate(names)
    )
    return f"query({given}){{{parts}}}"


def _numbered(kind: str, number: int, has_discussions: bool) -> str:
    if kind == "m":
        return f"m{number}:milestone(number:{number}){{id}}"
    issue = (
        f"i{number}:issueOrPullRequest(number:{number}){{__typename "
        "... on Issue{id number repository{nameWithOwner}} ... on PullRequest{id}}"
    )
    return f"{issue} d{number}:discussion(number:{number}){{id}}" if has_discussions else issue


_SUB_ISSUES = "subIssuesSummary{total}"
LISTS = {
    "labels": ('labels({rows},query:"epic"){{{info} nodes{{name}}}}', ""),
    "issueTypes": ("issueTypes({rows}){{{info} nodes{{name}}}}", "issueTypes"),
    "issueFields": (
        "issueFields({rows}){{{info} nodes{{... on IssueFieldCommon{{name dataType}}}}}}",
        "issueFields",
    ),
}
"""A repository's lists → what is asked of them, and the schema's field that they need."""


def about_repository(known_fields: Collection[str], known_issue_fields: Collection[str]) -> str:
    """What a repository uses, and the documents that may hold its Definition of Done."""
    parts = ["id nameWithOwner milestones(first:1){totalCount} all:issues(first:1){totalCount}"]
    parts += [
        text.format(rows="first:$first", info=_INFO)
        for text, field in LISTS.values()
        if not field or field in known_fields
    ]
    if "issueTemplates" in known_fields:
        parts.append("issueTemplates{body}")
    if "subIssuesSummary" in known_issue_fields:
        parts.append(f"recent:issues(first:$first,{_NEWEST}){{{_INFO} nodes{{{_SUB_ISSUES}}}}}")
    for number, path in enumerate(DOD_FILES):
        parts.append(f'dod{number}:object(expression:"HEAD:{path}"){{... on Blob{{text}}}}')
    return _of_repository(" ".join(parts), ",$first:Int!")


RECENT_ISSUES = _of_repository(f"issues({_PAGED},{_NEWEST}){{{_INFO} nodes{{{_SUB_ISSUES}}}}}")


def list_of_repository(name: str) -> str:
    """The rest of one of LISTS."""
    return _of_repository(LISTS[name][0].format(rows=_PAGED, info=_INFO))
