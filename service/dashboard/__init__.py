"""The page: plain ES modules over the public REST API, like any other client of it."""

from service.dashboard.page import install

__all__ = ["install"]
