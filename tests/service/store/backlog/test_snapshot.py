"""All items as one analysis reads them: many at a time, and each as it is stored."""

import random
from datetime import UTC, datetime

import pytest

from service.store.backlog import snapshot
from service.store.database.engine import Database
from tests.support import rows
from tests.support.rows import item_row, save

TITLES = ["", '“Quoted” \\ and "so"', "tab\t, line\n, bell \x07", "über 😀 \u2028", "[null, 1]"]


def moments(count: int) -> list[float]:
    """Every microsecond counts: a team's order may hang on it."""
    dice = random.Random(7)
    drawn = [datetime.fromtimestamp(dice.randint(0, 2**31), UTC) for _ in range(count)]
    return [one.replace(microsecond=dice.randint(0, 999_999)).timestamp() for one in drawn]


async def test_every_item_is_read_as_it_is_stored(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "ROWS_READ_AT_ONCE", 7)
    told = {f"i{number}": moment for number, moment in enumerate(moments(60))}
    async with database.write() as connection:
        for number, (one, created) in enumerate(told.items()):
            await save(connection, item_row(one, title=TITLES[number % len(TITLES)], created=created))
        under = {"i8": "x/i5", "i9": "x/i9", "i10": "x/unknown"}
        for one, ref in under.items():
            told[one] = 1.0
            await save(connection, item_row(one, parent_ref=ref), names=rows.names((f"x/{one}", one)))
        await save(connection, item_row("i5"), names=rows.names(("x/i5", "i5")))
        told["i5"] = 1.0
        await rows.derive(connection, "i3", position=-(2**62), place=2**62, digest=-5)
        found, marks = await snapshot.items(connection)
        expected, _ = await snapshot.some_items(connection, list(told))
    assert found == expected
    assert {one: item.created for one, item in found.items()} == told
    assert {one: item.parent for one, item in found.items() if item.parent} == {"i8": "i5"}
    place = list(found).index("i3")
    assert [mark[place] for mark in marks] == [-(2**62), 2**62, -5]
    assert [mark[place - 1] for mark in marks] == [snapshot.NO_KEY, snapshot.NO_KEY, 0]


async def test_reading_may_end_before_all_is_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "ROWS_READ_AT_ONCE", 1)
    async with database.write() as connection:
        await save(connection, item_row("a"), item_row("b"), item_row("c"))
        reading = snapshot._gathered(connection)
        await anext(reading)
        await reading.aclose()
        assert len((await snapshot.items(connection))[0]) == 3
