"""Every resource is a file here with a ``router``; nothing else lists them."""

import importlib
import pkgutil
from functools import cache

from fastapi import APIRouter

import service.api


@cache
def routers() -> tuple[APIRouter, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(service.api.__path__))
    modules = [importlib.import_module(f"service.api.{name}") for name in names]
    found = [getattr(module, "router", None) for module in modules]
    return tuple(router for router in found if isinstance(router, APIRouter))
