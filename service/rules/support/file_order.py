"""Whose conflict it is. Pure."""

from collections.abc import Iterable

from service.domain.plan.product import Plan


def in_file_order(teams: Iterable[str], plan: Plan) -> tuple[str, ...]:
    """Each team once, in the product file's order."""
    return tuple(sorted(set(teams), key=lambda team: (plan.team_rank(team), team)))
