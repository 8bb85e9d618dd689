"""The simulated host's GraphQL."""
