import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.plan.ancestry import nearest_epics
from service.domain.plan.item import Item
from tests.service.rules import board


def tree(**told: str) -> dict[str, Item]:
    """``O1="epic"``, ``O2="story O1"``: the kind and the parent."""
    items = {}
    for name, text in told.items():
        kind, _, parent = text.partition(" ")
        items[name] = board.item(name, kind=kind, parent=parent or None)
    return items


def epics(items: dict[str, Item]) -> dict[str, str]:
    return {one: epic.id for one, epic in nearest_epics(items.values(), items).items()}


@pytest.mark.parametrize(
    ("items", "found"),
    [
        (tree(O1="epic", O2="story O1"), {"O2": "O1"}),
        (tree(O2="story O1", O1="epic"), {"O2": "O1"}),
        (tree(O1="epic", O2="story O1", O3="subtask O2"), {"O2": "O1", "O3": "O1"}),
        (tree(O1="epic", O2="epic O1", O3="story O2"), {"O2": "O1", "O3": "O2"}),
        (tree(O1="initiative", O2="story O1"), {}),
        (tree(O1="epic", O2="initiative O1", O3="epic O2"), {"O2": "O1", "O3": "O1"}),
        (tree(O2="story O9"), {}),
    ],
)
def test_an_items_epic_is_the_nearest_above_it(items: dict[str, Item], found: dict[str, str]) -> None:
    assert epics(items) == found


@pytest.mark.parametrize(
    ("items", "found"),
    [
        (tree(O1="story O1"), {}),
        (tree(O1="epic O1"), {}),
        (tree(O1="story O2", O2="story O1"), {}),
        (tree(O1="epic O2", O2="story O1"), {"O2": "O1"}),
        (tree(O2="story O1", O1="epic O2"), {"O2": "O1"}),
        (tree(O1="epic O2", O2="epic O1"), {"O1": "O2", "O2": "O1"}),
        (tree(O1="epic O2", O2="story O3", O3="story O1"), {"O2": "O1", "O3": "O1"}),
    ],
)
def test_a_circle_of_parents_ends_and_nothing_is_its_own_epic(
    items: dict[str, Item], found: dict[str, str]
) -> None:
    assert epics(items) == found


NAMES = ["O1", "O2", "O3", "O4", "O5"]


@given(
    st.lists(st.sampled_from(["epic", "story", "initiative"]), min_size=5, max_size=5),
    st.lists(st.none() | st.sampled_from(NAMES), min_size=5, max_size=5),
    st.permutations(NAMES),
)
def test_it_is_found_by_walking_up_from_each_whatever_the_order(
    kinds: list[str], parents: list[str | None], order: list[str]
) -> None:
    told = {
        name: board.item(name, kind=kind, parent=parent)
        for name, kind, parent in zip(NAMES, kinds, parents, strict=True)
    }
    assert epics({name: told[name] for name in order}) == {
        name: epic for name in NAMES if (epic := walked(told, name)) is not None
    }


def walked(items: dict[str, Item], name: str) -> str | None:
    met = {name}
    above = items[name].parent
    while above is not None and above not in met:
        if items[above].kind == "epic":
            return above
        met.add(above)
        above = items[above].parent
    return None


def test_of_some_items_only_what_lies_above_is_looked_at() -> None:
    items = tree(O1="epic", O2="story O1", O3="subtask O2", S1="epic", S2="story S1")
    assert set(nearest_epics([items["O3"]], items)) == {"O2", "O3"}


def test_a_long_line_is_walked_once() -> None:
    line = {f"O{n}": board.item(f"O{n}", parent=f"O{n + 1}") for n in range(20_000)}
    line["O20000"] = board.item("O20000", kind="epic")
    assert len(epics(line)) == 20_000
