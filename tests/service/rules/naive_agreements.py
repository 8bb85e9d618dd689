"""Agreements and unresolved references once more, from their sentences alone."""

from datetime import timedelta

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import dependency_id
from tests.service.rules.naive_base import Expected, Found, is_on, is_open, setting, text, up


def agreements(backlog: Backlog) -> Found:
    found: Found = {}
    for edge in backlog.edges:
        b, d, today = edge.blocker, edge.dependent, backlog.plan.today
        told = backlog.agreements.get(dependency_id(b.id, d.id))
        if told is None or b.team == d.team or not (is_open(b) and is_open(d)):
            continue
        roles, edges = {(b.id, "blocker"), (d.id, "dependent")}, {dependency_id(b.id, d.id)}
        if told.state == "committed" and b.due is not None and told.date is not None and b.due > told.date:
            late = (b.due - told.date).days
            facts = {"due": text(b.due), "committed": text(told.date), "days_late": late}
            severity = up("medium", late > 14, d.state == "doing")
            found["dependency-broken-promise", (b.id, d.id)] = Expected(severity, facts, roles, edges)
        after = setting(backlog, "dependency-unanswered", "after", timedelta(5))
        if told.state == "requested" and told.asked_on + after < today:
            facts = {"asked_on": text(told.asked_on), "needed_by": text(told.needed_by)}
            severity = up("low", told.needed_by <= today + timedelta(14))
            found["dependency-unanswered", (b.id, d.id)] = Expected(severity, facts, roles, edges)
    return {one: told for one, told in found.items() if is_on(backlog, one[0])}


def unresolved(backlog: Backlog) -> Found:
    if not is_on(backlog, "dependency-unresolved"):
        return {}
    return {
        ("dependency-unresolved", (one.item, one.reference)): Expected(
            severity="medium",
            facts={"reference": one.reference},
            roles={(one.item, "dependent")},
            edges=set(),
        )
        for one in backlog.unresolved
        if one.item in backlog.items and is_open(backlog.items[one.item])
    }
