"""Until when the owners of a conflict have time before it is the decider's. Pure.

The ``after`` of the first escalation rule that matches, in working time. It
runs from the moment the conflict opens, or opens again. A change of severity that another rule matches
starts that rule's time; where the severity rose, a moment that was set already stays when it is earlier.
What has escalated does not escalate again until it opens again.
"""

from datetime import UTC, datetime

from config.product import Product
from service.domain.conflict.finding import SEVERITIES, Finding
from service.domain.conflict.lifecycle import Turn
from service.domain.notification.working_time import working_time_after
from service.flow.product_plan import escalation
from service.store.conflicts.written_conflicts import ComparedConflict


def escalates_from(product: Product, rule: str, severity: str, now: float) -> float | None:
    """For a conflict that opens ``now``; None when no escalation rule matches."""
    step = escalation(product, rule, severity)
    if step is None:
        return None
    start = datetime.fromtimestamp(now, UTC)
    return working_time_after(start, step.after, product.timezone).timestamp()


def escalates_at(
    product: Product, finding: Finding, step: Turn, before: ComparedConflict | None, now: float
) -> float | None:
    """After one turn of its life; ``before`` is what is stored, None for a new conflict."""
    if step.state != "open":
        return None
    if before is None or step.step in ("opened", "reopened"):
        return escalates_from(product, finding.rule, finding.severity, now)
    if before.escalated_at is not None:
        return None
    return _running(product, finding, before, now)


def _running(product: Product, finding: Finding, before: ComparedConflict, now: float) -> float | None:
    matching = escalation(product, finding.rule, finding.severity)
    was = before.escalates_at
    if was is not None and matching is escalation(product, finding.rule, before.severity):
        return float(was)
    fresh = escalates_from(product, finding.rule, finding.severity, now)
    has_risen = SEVERITIES.index(finding.severity) > SEVERITIES.index(before.severity)
    if fresh is None or was is None or not has_risen:
        return fresh
    return min(fresh, float(was))
