"""Whether what a webhook asks for can be: its words are known, and its address may be reached."""

import asyncio
from collections.abc import Iterator, Sequence

from config.product import planned
from service.api.http.auth import Principal
from service.api.http.problems import Problem, invalid
from service.delivery.formats import formats
from service.delivery.guard import RefusedError
from service.delivery.target import TargetError
from service.domain.notification.event import covers_some_type
from service.flow.context import Context
from service.flow.telling.subscriptions import Wish, guard_of
from service.rules import rules

RESOLVING = 10.0  # seconds to find out where a name leads


def own_teams(asking: Principal, teams: Sequence[str]) -> tuple[str, ...]:
    """The teams a webhook is for. A po's are their own unless they name fewer; 403 for others'."""
    if asking.may("chief_po"):
        return tuple(dict.fromkeys(teams))
    if foreign := [team for team in teams if not asking.may_write(team)]:
        raise Problem(403, "Forbidden", f"This token does not act for {', '.join(foreign)}.")
    return tuple(dict.fromkeys(teams)) or asking.teams


async def checked(context: Context, wish: Wish) -> Wish:
    """Raises Problem 422 with everything that is wrong with it."""
    errors = [*_unknown_words(context, wish)]
    if reason := await _unreachable(context, wish.url):
        errors.append({"field": "url", "message": reason})
    if errors:
        raise invalid(errors)
    return wish


def _unknown_words(context: Context, wish: Wish) -> Iterator[dict[str, str]]:
    teams = [team.key for team in context.product.teams]
    interest = wish.interest
    if wish.format not in formats():
        reason = planned.not_yet(wish.format, planned.FORMATS, formats())
        yield {"field": "format", "message": reason or f"no such format; known: {', '.join(formats())}"}
    for number, pattern in enumerate(interest.events):
        if not covers_some_type(pattern):
            yield {"field": f"events.{number}", "message": "there is no such type of event"}
    for number, team in enumerate(interest.teams):
        if team not in teams:
            yield {"field": f"teams.{number}", "message": f"no such team; known: {', '.join(teams)}"}
    for number, kind in enumerate(interest.kinds):
        if kind not in rules():
            reason = planned.not_yet(kind, planned.RULES, rules())
            yield {
                "field": f"kinds.{number}",
                "message": reason or f"no such rule; known: {', '.join(rules())}",
            }


async def _unreachable(context: Context, url: str) -> str | None:
    try:
        async with asyncio.timeout(RESOLVING):
            await guard_of(context).check(url)
    except (TargetError, RefusedError) as error:
        return str(error)
    except (OSError, TimeoutError):
        return "names a host that cannot be resolved"
    return None
