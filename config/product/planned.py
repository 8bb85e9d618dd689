"""What attune does not have yet though people may know its name: said so, and never taken in silence."""

from collections.abc import Collection

RULES = frozenset({"duplicate-work", "sprint-overcommitted", "dod-gap", "dod-threshold", "dod-unmet"})
FORMATS = frozenset({"cloudevents", "slack", "teams", "email"})


def not_yet(name: str, planned: Collection[str], existing: Collection[str]) -> str | None:
    """What to say of a planned name, until it exists."""
    if name not in planned or name in existing:
        return None
    return "does not exist yet in this version of attune; take it out until it does"
