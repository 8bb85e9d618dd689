"""A source's ``filter``: the JQL that a person wrote, fit to stand in brackets."""

import re
from functools import lru_cache
from typing import NamedTuple

from connectors.contract import SourceError

_MARK = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<order>\border\s+by\b)|(?P<other>["'();])""",
    re.IGNORECASE | re.DOTALL,
)


class JqlFilter(NamedTuple):
    jql: str | None  # None: everything in the project
    is_ordered: bool = False  # it had an ORDER BY, which is dropped: attune reads in an order of its own


@lru_cache(maxsize=256)
def parse_filter(written: str | None) -> JqlFilter:
    """Raises SourceError (mapping) for a quote, a bracket or a ``;`` that would end or open the query.

    A bracket closed too early would let the filter reach beyond its project.
    """
    jql, depth, is_ordered = (written or "").strip(), 0, False
    for mark in _MARK.finditer(jql):
        if mark["order"] and depth == 0:
            jql, is_ordered = jql[: mark.start()].rstrip(), True
            break
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if depth < 0:
            raise _wrong(written, 'a ")" closes what nothing opened')
        if mark["other"] and mark[0] not in "()":
            raise _wrong(written, 'it holds a ";"' if mark[0] == ";" else f"a quote ({mark[0]}) is left open")
    if depth:
        raise _wrong(written, 'a "(" is left open')
    return JqlFilter(jql or None, is_ordered)


def _wrong(written: str | None, why: str) -> SourceError:
    return SourceError("mapping", f'The filter "{written}" is no JQL: {why}.')
