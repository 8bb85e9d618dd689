"""Which item a reference means that does not say on which site it lives. Pure."""

from collections.abc import Iterable


def settle(ref: str, home: str, held: Iterable[str]) -> str | None:
    """``jira:ONL-12`` → ``jira://SITE/ONL-12``; None when it stays open which one is meant.

    ``home`` is the site of the text. ``held`` are the canonical prefixes of all sources
    (``jira://SITE/ONL``). The text's own site comes first, else the only source that has the
    project; if several have it, the reference is unresolved (rulebook, Edges).
    """
    tracker, _, name = ref.partition(":")
    separator = "#" if "#" in name else "-"
    container, _, number = name.rpartition(separator)
    having = {prefix for prefix in held if prefix.startswith(f"{tracker}://") and _holds(prefix, container)}
    own = f"{tracker}://{home}/{container}"
    if own in having:
        return f"{own}{separator}{number}"
    return f"{having.pop()}{separator}{number}" if len(having) == 1 else None


def _holds(prefix: str, container: str) -> bool:
    return prefix.endswith(f"/{container}")
