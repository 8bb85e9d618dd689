"""The part of GitHub's GraphQL schema that tells an issue's history."""

SDL = """
union Assignee = User
type AssignedEvent implements Node { actor: Actor assignee: Assignee createdAt: DateTime! id: ID! }
type UnassignedEvent implements Node { actor: Actor assignee: Assignee createdAt: DateTime! id: ID! }
type MilestonedEvent implements Node { actor: Actor createdAt: DateTime! id: ID! milestoneTitle: String! }
type DemilestonedEvent implements Node { actor: Actor createdAt: DateTime! id: ID! milestoneTitle: String! }
type ClosedEvent implements Node { actor: Actor createdAt: DateTime! id: ID! stateReason: IssueStateReason }
type ReopenedEvent implements Node { actor: Actor createdAt: DateTime! id: ID! stateReason: IssueStateReason }
type LabeledEvent implements Node { actor: Actor createdAt: DateTime! id: ID! label: Label! }
type UnlabeledEvent implements Node { actor: Actor createdAt: DateTime! id: ID! label: Label! }
type ProjectV2ItemStatusChangedEvent implements Node {
  actor: Actor
  createdAt: DateTime!
  id: ID!
  previousStatus: String!
  project: ProjectV2
  status: String!
}
type IssueFieldAddedEvent implements Node {
  actor: Actor
  createdAt: DateTime!
  id: ID!
  issueField: IssueFields
  value: String
}
type IssueFieldChangedEvent implements Node {
  actor: Actor
  createdAt: DateTime!
  id: ID!
  issueField: IssueFields
  newValue: String
  previousValue: String
}
type IssueFieldRemovedEvent implements Node {
  actor: Actor
  createdAt: DateTime!
  id: ID!
  issueField: IssueFields
}
enum IssueTimelineItemsItemType {
  ASSIGNED_EVENT
  CLOSED_EVENT
  DEMILESTONED_EVENT
  ISSUE_FIELD_ADDED_EVENT
  ISSUE_FIELD_CHANGED_EVENT
  ISSUE_FIELD_REMOVED_EVENT
  LABELED_EVENT
  MILESTONED_EVENT
  PROJECT_V2_ITEM_STATUS_CHANGED_EVENT
  REOPENED_EVENT
  UNASSIGNED_EVENT
  UNLABELED_EVENT
}
union IssueTimelineItems =
  | AssignedEvent
  | ClosedEvent
  | DemilestonedEvent
  | IssueFieldAddedEvent
  | IssueFieldChangedEvent
  | IssueFieldRemovedEvent
  | LabeledEvent
  | MilestonedEvent
  | ProjectV2ItemStatusChangedEvent
  | ReopenedEvent
  | UnassignedEvent
  | UnlabeledEvent
type IssueTimelineItemsConnection { nodes: [IssueTimelineItems] pageInfo: PageInfo! totalCount: Int! }
"""
