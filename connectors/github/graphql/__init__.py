"""GitHub's GraphQL: what is asked, and how a question gets its answer."""
