"""Reads ``cases/RULE.yaml``: hits and near-misses of one rule, a small backlog each.

A case holds ``items`` (by name, see board.py: values where they are not the default), ``edges``,
``settings`` of its rule, ``rules`` (settings of others, ``off``), ``goals``, ``dod``, ``today``,
``language``, and what it ``finds``: ``none``, one finding or several (by identity), as far as the
case tells: ``severity``, ``identity``, ``roles``, ``teams``, ``edges``, ``facts``, ``title``, ``suggests``.
``instead`` names the other rules that report.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from service.domain.edge import edge_id
from service.domain.finding import Finding
from service.domain.plan import Plan
from service.rules import RULE_ORDER, evaluate
from tests.service.rules import board

FOLDER = Path(__file__).parent / "cases"
WORDS = {"items", "edges", "settings", "rules", "goals", "dod", "today", "language", "finds", "instead"}


class Case(NamedTuple):
    rule: str
    name: str
    told: Mapping[str, Any]

    @property
    def finds(self) -> list[Mapping[str, Any]]:
        found = self.told["finds"]
        if found == "none":
            return []
        return found if isinstance(found, list) else [found]

    def findings(self) -> list[Finding]:
        told = self.told
        assert set(told) <= WORDS, self.name
        items = [board.item(name, **(values or {})) for name, values in told.get("items", {}).items()]
        backlog = board.backlog(self._plan(), items, told.get("edges", ()), told.get("goals"))
        return evaluate(backlog, board.comparison(told.get("dod", {})))

    def _plan(self) -> Plan:
        rules = {name: None if said == "off" else said for name, said in self.told.get("rules", {}).items()}
        rules[self.rule] = _settings(self.told.get("settings", {}))
        return board.plan(self.told.get("today", board.TODAY), self.told.get("language", "en"), **rules)


def _settings(told: Any) -> Mapping[str, Any] | None:
    if told == "off":
        return None
    spans = {"horizon": lambda text: timedelta(days=int(text.removesuffix("d")))}
    return {name: spans.get(name, str)(value) for name, value in told.items()}


def cases(rule: str) -> list[Case]:
    told = YAML(typ="safe").load((FOLDER / f"{rule}.yaml").read_text(encoding="utf-8"))
    return [Case(rule, name, case) for name, case in told.items()]


def all_cases() -> list[Case]:
    rules = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    assert set(rules) <= set(RULE_ORDER)
    return [case for rule in rules for case in cases(rule)]


def as_told(finding: Finding, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A finding in a case's words, as far as the case tells it."""
    said = {
        "severity": finding.severity,
        "identity": list(finding.identity),
        "roles": [f"{role.item} {role.role}" for role in finding.roles],
        "teams": list(finding.teams),
        "edges": sorted(finding.edges),
        "facts": {name: finding.facts.get(name, "no such fact") for name in wanted.get("facts", {})},
        "title": finding.title,
        "suggests": list(finding.suggestions),
    }
    return {name: said[name] for name in wanted}


def as_wanted(wanted: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: _plain(value) for name, value in wanted.get("facts", {}).items()}
    edges = sorted(edge_id(*text.split(" > ")) for text in wanted.get("edges", ()))
    return {
        **wanted,
        **({"facts": facts} if facts else {}),
        **({"edges": edges} if "edges" in wanted else {}),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
