"""What is asked of a Jira, and in what order: searches, pages, checkpoints, histories."""
