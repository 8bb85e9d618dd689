"""The lines of what moves are the JSON that the API promises."""

from datetime import date

import orjson

from service.domain.graph.backlog import Backlog
from service.domain.what_if.horizon import Horizon, horizon_of
from service.domain.what_if.hypothesis import Supposed
from service.domain.what_if.supposition import change_of
from service.flow.what_if.moved_lines import heads, lines
from tests.support.backlogs import item, make_backlog


def led(backlog: Backlog, supposed: Supposed) -> tuple[Horizon, Horizon]:
    horizon = horizon_of(backlog)
    return horizon, horizon.after(change_of(horizon.board, supposed, backlog))


def test_what_closes_and_opens_stands_nowhere_else() -> None:
    items = [
        item("a", "online", rank="1"),
        item("b", "online", rank="2", state="done", closed_on=date(2026, 1, 5)),
    ]
    supposed = Supposed({"a": {"state": "done"}, "b": {"state": "todo"}})
    before, after = led(make_backlog(items, []), supposed)
    told = orjson.loads(lines(before, after, heads(before.board.items)))
    assert told == [
        {"item": "b", "key": "B", "from": None, "to": 1},
        {"item": "a", "key": "A", "from": 1, "to": None},
    ]


def test_a_key_may_hold_whatever_a_tracker_calls_it() -> None:
    odd = 'say "é"\\\n,'
    items = [item("a", "online", rank="1", key=odd), item("b", "online", rank="2")]
    before, after = led(make_backlog(items, []), Supposed({"a": {"state": "done"}}))
    [told] = orjson.loads(lines(before, after, heads(before.board.items)))
    assert told == {"item": "a", "key": odd, "from": 1, "to": None}
