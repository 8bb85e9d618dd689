"""What counts as a conflict: one file per rule of the rulebook, named after it. Pure."""

from service.rules._agreements import agreed
from service.rules._catalogue import Entry, catalogue, version
from service.rules._edges import edge_findings
from service.rules._engine import evaluate, reported, shape_findings
from service.rules._health import Health, ailments, edge_health
from service.rules._network import Network, network_of
from service.rules._rule import RULE_ORDER, Rule, rules

__all__ = [
    "RULE_ORDER",
    "Entry",
    "Health",
    "Network",
    "Rule",
    "agreed",
    "ailments",
    "catalogue",
    "edge_findings",
    "edge_health",
    "evaluate",
    "network_of",
    "reported",
    "rules",
    "shape_findings",
    "version",
]
