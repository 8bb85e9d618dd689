"""Jira's JSON → items and changes in standard terms. Pure."""
