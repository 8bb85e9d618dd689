"""Every resource is a file in a room of the API with a ``router``; nothing else lists them."""

import importlib
import pkgutil
from functools import cache

from fastapi import APIRouter

import service.api


@cache
def routers() -> tuple[APIRouter, ...]:
    packages = pkgutil.walk_packages(service.api.__path__, f"{service.api.__name__}.")
    names = sorted((name.rpartition(".")[2], name) for _, name, is_package in packages if not is_package)
    modules = [importlib.import_module(name) for _, name in names]
    candidates = [getattr(module, "router", None) for module in modules]
    return tuple(router for router in candidates if isinstance(router, APIRouter))
