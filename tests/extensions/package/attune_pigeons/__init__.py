"""A package that adds a connector, a rule and a message format to attune, as CONTRIBUTING says."""
