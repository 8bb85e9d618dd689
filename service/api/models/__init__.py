"""What answers look like, for the description of the API; answers themselves are written as bytes."""
