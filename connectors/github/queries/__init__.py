"""GraphQL documents. Pure."""
