"""The part of GitHub's GraphQL schema that the simulator serves, field by field as GitHub has it."""

from functools import lru_cache
from typing import cast

from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from connectors.github.simulator.graphql import sdl_timeline

NEWER = {
    # what a host does not know before a version of Enterprise Server; None: no version knows it yet
    "  blockedBy(after: String, before: String, first: Int, last: Int): IssueConnection!\n": (3, 19),
    "  blocking(after: String, before: String, first: Int, last: Int): IssueConnection!\n": (3, 19),
    "  issueDependenciesSummary: IssueDependenciesSummary!\n": (3, 19),
    (
        "  issueFieldValues(\n    after: String, before: String, first: Int, last: Int\n"
        "  ): IssueFieldValueConnection\n"
    ): None,
    "  issueFields(after: String, before: String, first: Int, last: Int): IssueFieldsConnection\n": None,
    "  ISSUE_FIELD_ADDED_EVENT\n  ISSUE_FIELD_CHANGED_EVENT\n  ISSUE_FIELD_REMOVED_EVENT\n": None,
}

SDL = """
scalar DateTime
scalar Date
scalar URI
scalar GitObjectID
interface Node { id: ID! }
enum IssueState { CLOSED OPEN }
enum IssueStateReason { COMPLETED DUPLICATE NOT_PLANNED REOPENED }
enum MilestoneState { CLOSED OPEN }
enum PullRequestState { CLOSED MERGED OPEN }
enum OrderDirection { ASC DESC }
enum IssueOrderField { COMMENTS CREATED_AT UPDATED_AT }
enum MilestoneOrderField { CREATED_AT DUE_DATE NUMBER UPDATED_AT }
input MilestoneOrder { direction: OrderDirection! field: MilestoneOrderField! }
enum IssueFieldDataType { DATE NUMBER SINGLE_SELECT TEXT }
enum ProjectV2FieldType { DATE ITERATION NUMBER SINGLE_SELECT TEXT TITLE }
input IssueOrder { direction: OrderDirection! field: IssueOrderField! }
input IssueFilters { since: DateTime }
type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
type RateLimit { cost: Int! limit: Int! nodeCount: Int! remaining: Int! resetAt: DateTime! used: Int! }
interface RepositoryOwner { id: ID! login: String! }
interface ProjectV2Owner { id: ID! projectV2(number: Int!): ProjectV2 }
type Organization implements Node & ProjectV2Owner & RepositoryOwner {
  id: ID!
  login: String!
  projectV2(number: Int!): ProjectV2
}
interface Actor { login: String! }
type User implements Actor & Node & ProjectV2Owner & RepositoryOwner {
  id: ID!
  login: String!
  projectV2(number: Int!): ProjectV2
}
type UserConnection { nodes: [User] pageInfo: PageInfo! totalCount: Int! }
type Label implements Node { id: ID! name: String! }
type LabelConnection { nodes: [Label] pageInfo: PageInfo! totalCount: Int! }
type IssueType implements Node { id: ID! name: String! }
type IssueTypeConnection { nodes: [IssueType] pageInfo: PageInfo! totalCount: Int! }
type Milestone implements Node {
  closed: Boolean!
  closedAt: DateTime
  createdAt: DateTime!
  description: String
  dueOn: DateTime
  id: ID!
  issues(
    after: String, before: String, filterBy: IssueFilters, first: Int, last: Int,
    orderBy: IssueOrder, states: [IssueState!]
  ): IssueConnection!
  number: Int!
  state: MilestoneState!
  title: String!
  updatedAt: DateTime!
  url: URI!
}
type MilestoneConnection { nodes: [Milestone] pageInfo: PageInfo! totalCount: Int! }
type PullRequest implements Node { id: ID! number: Int! state: PullRequestState! }
type Discussion implements Node { id: ID! number: Int! title: String! }
union IssueOrPullRequest = Issue | PullRequest
type PullRequestConnection { nodes: [PullRequest] pageInfo: PageInfo! totalCount: Int! }
type IssueDependenciesSummary { blockedBy: Int! blocking: Int! totalBlockedBy: Int! totalBlocking: Int! }
type SubIssuesSummary { completed: Int! percentCompleted: Int! total: Int! }
interface IssueFieldCommon { dataType: IssueFieldDataType! name: String! }
type IssueFieldDate implements IssueFieldCommon & Node {
  dataType: IssueFieldDataType!
  id: ID!
  name: String!
}
type IssueFieldNumber implements IssueFieldCommon & Node {
  dataType: IssueFieldDataType!
  id: ID!
  name: String!
}
type IssueFieldSingleSelect implements IssueFieldCommon & Node {
  dataType: IssueFieldDataType!
  id: ID!
  name: String!
}
type IssueFieldText implements IssueFieldCommon & Node {
  dataType: IssueFieldDataType!
  id: ID!
  name: String!
}
type IssueFieldsConnection { nodes: [IssueFields] pageInfo: PageInfo! totalCount: Int! }
union IssueFields = IssueFieldDate | IssueFieldNumber | IssueFieldSingleSelect | IssueFieldText
type IssueFieldDateValue implements Node { field: IssueFields id: ID! value: String! }
type IssueFieldNumberValue implements Node { field: IssueFields id: ID! value: Float! }
type IssueFieldSingleSelectValue implements Node { field: IssueFields id: ID! name: String! value: String! }
type IssueFieldTextValue implements Node { field: IssueFields id: ID! value: String! }
union IssueFieldValue =
  IssueFieldDateValue | IssueFieldNumberValue | IssueFieldSingleSelectValue | IssueFieldTextValue
type IssueFieldValueConnection { nodes: [IssueFieldValue] pageInfo: PageInfo! totalCount: Int! }
interface ProjectV2FieldCommon { dataType: ProjectV2FieldType! id: ID! name: String! }
type ProjectV2Field implements Node & ProjectV2FieldCommon {
  dataType: ProjectV2FieldType!
  id: ID!
  name: String!
}
type ProjectV2IterationField implements Node & ProjectV2FieldCommon {
  dataType: ProjectV2FieldType!
  id: ID!
  name: String!
}
type ProjectV2SingleSelectField implements Node & ProjectV2FieldCommon {
  dataType: ProjectV2FieldType!
  id: ID!
  name: String!
}
type ProjectV2FieldConfigurationConnection {
  nodes: [ProjectV2FieldConfiguration]
  pageInfo: PageInfo!
  totalCount: Int!
}
union ProjectV2FieldConfiguration = ProjectV2Field | ProjectV2IterationField | ProjectV2SingleSelectField
type ProjectV2ItemFieldDateValue implements Node {
  date: Date
  field: ProjectV2FieldConfiguration!
  id: ID!
}
type ProjectV2ItemFieldIterationValue implements Node {
  duration: Int!
  field: ProjectV2FieldConfiguration!
  id: ID!
  iterationId: String!
  startDate: Date!
  title: String!
}
type ProjectV2ItemFieldNumberValue implements Node {
  field: ProjectV2FieldConfiguration!
  id: ID!
  number: Float
}
type ProjectV2ItemFieldSingleSelectValue implements Node {
  field: ProjectV2FieldConfiguration!
  id: ID!
  name: String
}
union ProjectV2ItemFieldValue =
  | ProjectV2ItemFieldDateValue
  | ProjectV2ItemFieldIterationValue
  | ProjectV2ItemFieldNumberValue
  | ProjectV2ItemFieldSingleSelectValue
type ProjectV2ItemFieldValueConnection {
  nodes: [ProjectV2ItemFieldValue]
  pageInfo: PageInfo!
  totalCount: Int!
}
type DraftIssue implements Node { id: ID! title: String! }
union ProjectV2ItemContent = DraftIssue | Issue | PullRequest
type ProjectV2Item implements Node {
  content: ProjectV2ItemContent
  fieldValues(after: String, before: String, first: Int, last: Int): ProjectV2ItemFieldValueConnection!
  id: ID!
  isArchived: Boolean!
  project: ProjectV2!
  updatedAt: DateTime!
}
type ProjectV2ItemConnection { nodes: [ProjectV2Item] pageInfo: PageInfo! totalCount: Int! }
type ProjectV2 implements Node {
  fields(after: String, before: String, first: Int, last: Int): ProjectV2FieldConfigurationConnection!
  id: ID!
  items(after: String, before: String, first: Int, last: Int): ProjectV2ItemConnection!
  number: Int!
  title: String!
  url: URI!
}
type Issue implements Node {
  assignees(after: String, before: String, first: Int, last: Int): UserConnection!
  blockedBy(after: String, before: String, first: Int, last: Int): IssueConnection!
  blocking(after: String, before: String, first: Int, last: Int): IssueConnection!
  body: String!
  closedAt: DateTime
  closedByPullRequestsReferences(after: String, before: String, first: Int, last: Int): PullRequestConnection
  createdAt: DateTime!
  id: ID!
  issueDependenciesSummary: IssueDependenciesSummary!
  issueFieldValues(
    after: String, before: String, first: Int, last: Int
  ): IssueFieldValueConnection
  issueType: IssueType
  labels(after: String, before: String, first: Int, last: Int): LabelConnection
  milestone: Milestone
  number: Int!
  parent: Issue
  projectItems(after: String, before: String, first: Int, last: Int): ProjectV2ItemConnection
  repository: Repository!
  state: IssueState!
  stateReason(enableDuplicate: Boolean = false): IssueStateReason
  subIssuesSummary: SubIssuesSummary!
  timelineItems(
    after: String, before: String, first: Int, itemTypes: [IssueTimelineItemsItemType!],
    last: Int, since: DateTime
  ): IssueTimelineItemsConnection!
  title: String!
  updatedAt: DateTime!
  url: URI!
}
type IssueConnection { nodes: [Issue] pageInfo: PageInfo! totalCount: Int! }
interface GitObject { id: ID! }
type Blob implements GitObject & Node { id: ID! text: String }
type IssueTemplate { body: String filename: String! name: String! }
type Repository implements Node {
  discussion(number: Int!): Discussion
  hasIssuesEnabled: Boolean!
  id: ID!
  issue(number: Int!): Issue
  issueOrPullRequest(number: Int!): IssueOrPullRequest
  issueTemplates: [IssueTemplate!]
  issueTypes(after: String, before: String, first: Int, last: Int): IssueTypeConnection
  issueFields(after: String, before: String, first: Int, last: Int): IssueFieldsConnection
  issues(
    after: String, before: String, filterBy: IssueFilters, first: Int, last: Int,
    orderBy: IssueOrder, states: [IssueState!]
  ): IssueConnection!
  labels(after: String, before: String, first: Int, last: Int, query: String): LabelConnection
  milestone(number: Int!): Milestone
  milestones(
    after: String, before: String, first: Int, last: Int, orderBy: MilestoneOrder
  ): MilestoneConnection
  name: String!
  nameWithOwner: String!
  object(expression: String, oid: GitObjectID): GitObject
}
type Query {
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  rateLimit(dryRun: Boolean = false): RateLimit
  repository(followRenames: Boolean = true, name: String!, owner: String!): Repository
  repositoryOwner(login: String!): RepositoryOwner
  viewer: User!
}
"""


@lru_cache
def schema(enterprise_version: str | None, lacks: frozenset[str] = frozenset()) -> GraphQLSchema:
    """As github.com serves it (None), or Enterprise Server of a version such as ``3.18``.

    ``lacks`` names further fields of an issue that are not there.
    """
    text = SDL + sdl_timeline.SDL
    for line, since in NEWER.items():
        if enterprise_version and (since is None or _version(enterprise_version) < since):
            text = text.replace(line, "")
    built = build_schema(text)
    for name in lacks:
        del cast("GraphQLObjectType", built.type_map["Issue"]).fields[name]
    return built


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])
