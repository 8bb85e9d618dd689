"""The product file as the domain sees it, and whom it names for what. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from config.product import Product
from config.product.model import Escalation
from config.vocabulary import load_catalogue
from service.domain.done import Catalogue
from service.domain.done import catalogue as build_catalogue
from service.domain.plan.product import BaselineCriterion, Goal, Plan, Team
from service.domain.plan.staleness import stale_before


def plan_of(product: Product, today: date) -> Plan:
    return Plan(
        today=today,
        teams=tuple(
            Team(
                key=team.key,
                name=team.name,
                owner=team.owner.name if team.owner else None,
                area=team.area,
                components=tuple(team.components),
            )
            for team in product.teams
        ),
        goals=tuple(
            Goal(
                key=goal.key,
                name=goal.name,
                labels=frozenset(label.casefold() for label in goal.select.labels),
                components=frozenset(component.casefold() for component in goal.select.components),
                epics=frozenset(goal.select.epics),
                title=goal.select.title,
            )
            for goal in product.goals
        ),
        rules=rules_of(product),
        shared={part.component: part.max_parallel for part in product.shared},
        baseline=tuple(
            BaselineCriterion(one.id, one.text, tuple(one.also)) for one in product.definition_of_done
        ),
        language=product.product.language,
        stale_before=stale_before(today, product.timezone),
    )


def rules_of(product: Product) -> Mapping[str, Mapping[str, Any] | None]:
    """The rules that the file names: None is off."""
    return {name: None if told == "off" else told for name, told in product.rules.items()}


@cache
def catalogue() -> Catalogue:
    """The standard criteria, in English and Dutch."""
    return build_catalogue(load_catalogue())


def owners(product: Product, teams: Sequence[str]) -> list[dict[str, Any]]:
    """Whom to ask, a line per team."""
    known = {team.key: team for team in product.teams}
    return [
        {"team": key, "name": found.owner.name, "email": found.owner.email}
        for key in teams
        if (found := known.get(key)) and found.owner
    ]


def in_product_order(product: Product, teams: Iterable[str]) -> tuple[str, ...]:
    """Teams as the product file lists them; those that it does not name come last, by key."""
    places = {team.key: place for place, team in enumerate(product.teams)}
    return tuple(sorted(teams, key=lambda team: (places.get(team, len(places)), team)))


def decision(product: Product, rule: str, severity: str) -> dict[str, Any] | None:
    """Who decides when the owners do not agree: of the first escalation rule that matches."""
    step = escalation(product, rule, severity)
    return None if step is None else _person(product, step.decider)


def escalation(product: Product, rule: str, severity: str) -> Escalation | None:
    """The first escalation rule of the product file that matches."""
    for step in product.escalation:
        fits_severity = not step.when.severity or severity in step.when.severity
        if fits_severity and (not step.when.kind or rule in step.when.kind):
            return step
    return None


def _person(product: Product, decider: str) -> dict[str, Any]:
    if decider == "chief_po":
        person = product.product.chief_po
        return {"role": decider, "name": person and person.name, "email": person and person.email}
    for team in product.teams:
        if team.key == decider:
            return {
                "role": decider,
                "name": team.owner and team.owner.name,
                "email": team.owner and team.owner.email,
            }
    return {"role": "person", "name": None, "email": decider}
