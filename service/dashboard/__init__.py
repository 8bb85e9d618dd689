"""The page: plain ES modules over the public REST API, like any other client of it."""
