"""Talking to one Jira: requests, what their failures mean, the tracker's clock."""
