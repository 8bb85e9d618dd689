"""Reads ``cases/RULE.yaml``: hits and near-misses of one rule, a small backlog each.

A case holds ``items`` (by name, see board.py: values where they are not the default; ``O1..O3`` are
three), ``edges``, ``settings`` of its rule, ``rules`` (settings of others, ``off``), ``unresolved``,
``agreements``, ``ties``, ``teams``, ``shared`` (see board.py), ``goals``, ``dod``, ``today``,
``language``, and what it ``finds``: ``none``, one finding or several (by identity), as far as the
case tells: ``severity``, ``identity``, ``roles``, ``teams``, ``edges``, ``facts``, ``title``, ``suggests``,
``fixes`` (the changes of each suggestion). ``instead`` names the other rules that report.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from service.domain.conflict.finding import Finding
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import dependency_id
from service.domain.plan.product import Plan
from service.rules import evaluate, rules
from tests.service.rules import board

FOLDER = Path(__file__).parent / "cases"
WORDS = {
    *("items", "edges", "settings", "rules", "goals", "dod", "today", "language"),
    *("unresolved", "agreements", "ties", "teams", "shared", "finds", "instead"),
}


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
        return evaluate(self.backlog(), self.comparison())

    def comparison(self) -> Comparison:
        return board.comparison(self.told.get("dod", {}))

    def backlog(self) -> Backlog:
        told = self.told
        items = [
            board.item(name, **(values or {}))
            for names, values in told.get("items", {}).items()
            for name in _each(names)
        ]
        return board.backlog(
            self._plan(),
            items,
            told.get("edges", ()),
            told.get("goals"),
            unresolved=[board.unresolved(text) for text in told.get("unresolved", ())],
            agreements=board.agreements(told.get("agreements", {})),
            ties=[board.tie(text) for text in told.get("ties", ())],
        )

    def _plan(self) -> Plan:
        rules = {name: None if said == "off" else said for name, said in self.told.get("rules", {}).items()}
        rules[self.rule] = _settings(self.told.get("settings", {}))
        return board.plan(
            self.told.get("today", board.TODAY),
            self.told.get("language", "en"),
            self.told.get("teams"),
            self.told.get("shared"),
            **rules,
        )


def _each(names: str) -> list[str]:
    """``O1..O3`` is O1, O2, O3."""
    first, _, last = names.partition("..")
    return [f"{first[0]}{n}" for n in range(int(first[1:]), int(last[1:]) + 1)] if last else [first]


def _settings(told: Any) -> Mapping[str, Any] | None:
    if told == "off":
        return None
    spans = dict.fromkeys(("horizon", "after"), _span)
    return {name: spans.get(name, str)(value) for name, value in told.items()}


def _span(text: str) -> timedelta:
    return timedelta(days=int(text.removesuffix("d")))


def cases(rule: str) -> list[Case]:
    told = YAML(typ="safe").load((FOLDER / f"{rule}.yaml").read_text(encoding="utf-8"))
    return [Case(rule, name, case) for name, case in told.items()]


def all_cases() -> list[Case]:
    names = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    assert set(names) <= set(rules())
    return [case for name in names for case in cases(name)]


def as_told(finding: Finding, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A finding in a case's words, as far as the case tells it."""
    text = finding.wording()
    said = {
        "severity": finding.severity,
        "identity": list(finding.identity),
        "roles": [f"{role.item} {role.role}" for role in finding.roles],
        "teams": list(finding.teams),
        "edges": sorted(finding.edges),
        "facts": {name: finding.facts.get(name, "no such fact") for name in wanted.get("facts", {})},
        "title": text.title,
        "suggests": list(text.suggestions),
        "fixes": [fix.get("changes", []) for fix in text.fixes],
    }
    return {name: said[name] for name in wanted}


def as_wanted(wanted: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: _plain(value) for name, value in wanted.get("facts", {}).items()}
    edges = sorted(dependency_id(*text.split(" > ")) for text in wanted.get("edges", ()))
    return {
        **wanted,
        **({"facts": facts} if facts else {}),
        **({"edges": edges} if "edges" in wanted else {}),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
