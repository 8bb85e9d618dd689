"""GitHub's REST, for hosts without GraphQL."""
