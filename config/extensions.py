"""What can be added to attune without changing it: connectors, rules and message formats.

Those that come with attune are the modules of one room each; another installed package offers its own
through an entry point (``[project.entry-points."attune.rules"]``, ``my-rule = "my_package.my_rule"``).
The rooms are named here and imported when first asked for: config stands below the service, yet what a
product file may say of a rule or a format stands in that rule's or format's own file.
"""

import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import NamedTuple

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ExtensionPoint:
    """``kind`` in words. ``exports`` is what every module of it has; what has none is another thing."""

    kind: str
    group: str
    room: str
    exports: tuple[str, ...]
    are_packages: bool = False


CONNECTORS = ExtensionPoint(
    "connector", "attune.connectors", "connectors", ("Options", "connect", "receive"), are_packages=True
)
RULES = ExtensionPoint("rule", "attune.rules", "service.rules", ("RULE", "Settings", "WORDS", "find"))
FORMATS = ExtensionPoint("format", "attune.formats", "service.delivery.formats", ("CONTENT_TYPE", "render"))
POINTS = (CONNECTORS, RULES, FORMATS)


class Extension(NamedTuple):
    """``package`` and ``version`` are those of the distribution that offers it, None for attune itself."""

    kind: str
    name: str
    module: ModuleType
    package: str | None = None
    version: str | None = None
    offer: str = ""  # in words, for an error: the package and its entry point


class BrokenExtensionError(Exception):
    """What is offered cannot be used. ``str()`` names the package and its entry point, or attune's file."""


def modules(point: ExtensionPoint) -> Mapping[str, ModuleType]:
    """By name, attune's own first. Raises BrokenExtensionError."""
    return {name: extension.module for name, extension in extensions(point).items()}


def from_other_packages() -> Iterator[Extension]:
    """All that does not come with attune. Raises BrokenExtensionError."""
    for point in POINTS:
        yield from (extension for extension in extensions(point).values() if extension.package is not None)


@cache
def rule_modules() -> Mapping[str, ModuleType]:
    """By name, in the order of the rulebook's table: as each declares its place in it."""
    return dict(sorted(modules(RULES).items(), key=lambda rule: (rule[1].RULE.place, rule[0])))


@cache
def extensions(point: ExtensionPoint) -> Mapping[str, Extension]:
    """By name. Raises BrokenExtensionError."""
    offered = {extension.name: extension for extension in _built_in(point)}
    for entry in sorted(entry_points(group=point.group), key=lambda entry: (_package(entry), entry.name)):
        extension = _load(point, entry)
        if extension.name in offered:
            owner = offered[extension.name].package or "attune itself"
            raise BrokenExtensionError(f"{_offer(point, entry)}: {owner} has one of that name")
        offered[extension.name] = extension
    return offered


def _built_in(point: ExtensionPoint) -> Iterator[Extension]:
    for found in pkgutil.iter_modules(import_module(point.room).__path__):
        if found.ispkg == point.are_packages:
            module = import_module(f"{point.room}.{found.name}")
            lacking = _lacking(module, point.exports)
            if not lacking:
                yield Extension(point.kind, found.name.replace("_", "-"), module)
            elif len(lacking) < len(point.exports):
                raise BrokenExtensionError(f"{module.__name__} is no {point.kind}: {_without(lacking)}")


def _load(point: ExtensionPoint, entry: EntryPoint) -> Extension:
    try:
        module = entry.load()
    except Exception as error:  # whatever another package's code raises while it is imported
        raise BrokenExtensionError(f"{_offer(point, entry)}: {type(error).__name__}: {error}") from error
    if not _NAME.fullmatch(entry.name):
        raise BrokenExtensionError(f"{_offer(point, entry)}: its name is not small letters and hyphens")
    if lacking := _lacking(module, point.exports):
        raise BrokenExtensionError(f"{_offer(point, entry)}: {_without(lacking)}")
    version = entry.dist.version if entry.dist else None
    return Extension(point.kind, entry.name, module, _package(entry), version, _offer(point, entry))


def _lacking(module: ModuleType, exports: Sequence[str]) -> list[str]:
    return [name for name in exports if not hasattr(module, name)]


def _without(lacking: Sequence[str]) -> str:
    return f"it has no {', no '.join(lacking)}"


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "unknown"


def _offer(point: ExtensionPoint, entry: EntryPoint) -> str:
    return (
        f"the {point.kind} {entry.name} of the package {_package(entry)} cannot be used "
        f"(entry point {entry.name} = {entry.value} in {entry.group})"
    )
