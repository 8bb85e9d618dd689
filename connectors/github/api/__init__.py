"""GitHub over HTTP: the session, its credential, and what answers mean that are no data."""
