"""The command ``attune``."""

from service.cli.main import main

__all__ = ["main"]
