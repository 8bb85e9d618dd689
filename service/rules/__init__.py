"""What counts as a conflict: one file per rule of the rulebook, named after it. Pure.

``book`` knows the rules, ``shapes`` makes what they see and runs them, ``support`` is what they say it with.
"""

from service.rules.book.catalogue import RuleDescription, catalogue
from service.rules.book.declaration import Rule, Scope
from service.rules.book.health import Health, dependency_health, unhealthy_dependencies
from service.rules.book.installed import InstalledRule, lasting_facts, place, rules, version
from service.rules.shapes.agreed_dependencies import agreed_dependencies
from service.rules.shapes.dependency_shape import dependency_findings
from service.rules.shapes.duplicates import with_originals
from service.rules.shapes.evaluate import evaluate, reported, shape_findings
from service.rules.shapes.network import Network, network_of
from service.rules.support.stale_items import told_with_staleness

__all__ = [
    "Health",
    "InstalledRule",
    "Network",
    "Rule",
    "RuleDescription",
    "Scope",
    "agreed_dependencies",
    "catalogue",
    "dependency_findings",
    "dependency_health",
    "evaluate",
    "lasting_facts",
    "network_of",
    "place",
    "reported",
    "rules",
    "shape_findings",
    "told_with_staleness",
    "unhealthy_dependencies",
    "version",
    "with_originals",
]
