"""The connectors there are: a package under connectors/ that exports what a connector has to."""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import cast

import connectors
from connectors.contract import Kind

_EXPORTS = ("Options", "connect", "receive")


@cache
def connector_kinds() -> Mapping[str, Kind]:
    """By the ``type`` that a source of the product file names."""
    packages = (found.name for found in pkgutil.iter_modules(connectors.__path__) if found.ispkg)
    modules = {name: import_module(f"connectors.{name}") for name in sorted(packages)}
    return {
        name: cast("Kind", module)
        for name, module in modules.items()
        if all(hasattr(module, one) for one in _EXPORTS)
    }
