"""A source's ``filter``: the JQL that a person wrote, fit to stand in brackets. Pure."""

import re
from functools import lru_cache
from typing import NamedTuple

_MARK = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<order>\border\s+by\b)|(?P<sign>["'();])""",
    re.IGNORECASE | re.DOTALL,
)


class JqlFilter(NamedTuple):
    jql: str | None  # None: everything in the project
    is_ordered: bool = False  # it had an ORDER BY, which is dropped: attune reads in an order of its own


@lru_cache(maxsize=256)
def parse_filter(written: str | None) -> JqlFilter:
    """Raises ValueError for what every Jira refuses and can be seen here.

    A bracket closed too early would let the filter reach beyond its project. Whether the fields exist
    only Jira knows.
    """
    jql, depth = (written or "").strip(), 0
    for mark in _MARK.finditer(jql):
        sign = mark["sign"]
        if mark["order"] and depth == 0:
            return JqlFilter(jql[: mark.start()].rstrip() or None, is_ordered=True)
        if sign == ";":
            raise ValueError("holds a ; outside quotes; expected one JQL condition without it")
        if sign in ('"', "'"):
            raise ValueError("has a quote that is not closed; expected JQL")
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
    if depth:
        raise ValueError("has brackets that do not match; expected JQL")
    return JqlFilter(jql or None)
