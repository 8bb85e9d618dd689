"""What a rule file declares of its rule. Pure.

A rule file holds ``RULE`` (a ``Rule``), ``Settings`` (a NamedTuple: the settings of the product file with
their defaults), ``WORDS`` (its sentences in English and Dutch) and ``find(view, plan, settings)``. The
rule's shape says what ``view`` is (shapes/views.py). The file's docstring is the rule's documentation.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Shape = Literal["edge", "agreement", "graph", "order", "item", "epic", "pairs", "component", "team"]

LOCAL_SHAPES = ("edge", "agreement", "graph")
"""What sees dependencies and their two ends, directly or further on."""

Scope = Literal["dependency", "dependencies", "neighbourhood", "team", "order", "references", "product"]
"""What of the backlog must be there for a rule to find what it finds in the whole of it.

``dependency``: its two items. ``dependencies``: all that open dependencies join, directly or further on.
``neighbourhood``: items with what lies above and below them, is linked to them or planned on the same
shared component. ``team``: all items of a team. ``order``: all open items with the teams' orders.
``references``: what the trackers answer to names. ``product``: everything.
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """``place`` is the rule's line in the rulebook's table, in tens: the order of findings of one severity.

    ``is_exclusive``: marked ◆ in the rulebook: of these only the first that applies reports on an edge.
    ``breaks_dependencies``: its conflicts make the health of a dependency ``broken``, others ``at-risk``.
    ``volatile_facts`` change with every day, or with any item of a team: no event tells of that alone.
    ``version`` grows when the rule finds something else in the same backlog.
    """

    place: int
    shape: Shape
    scope: Scope
    roles: tuple[str, ...] = ()
    is_exclusive: bool = False
    breaks_dependencies: bool = False
    volatile_facts: tuple[str, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        """Raises ValueError. What is judged again around a change are the rules of these shapes."""
        if self.is_local != (self.shape in LOCAL_SHAPES):
            raise ValueError(f"a rule of shape {self.shape} cannot have the scope {self.scope}")

    @property
    def is_local(self) -> bool:
        """Whether a dependency with all that dependencies join to it is enough to judge it."""
        return self.scope in ("dependency", "dependencies")

    @property
    def is_judged_nearby(self) -> bool:
        """Whether the neighbourhood of a few changed items is enough to judge it there."""
        return self.is_local or self.scope == "neighbourhood"


class NoSettings(NamedTuple):
    """Of a rule that knows only ``off``."""
