"""Product files that a user starts from."""
