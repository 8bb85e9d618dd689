import pytest

from service.domain.done import team_lines
from tests.support.work import count_calls


@pytest.mark.parametrize(("carrying", "is_part"), [(3, True), (2, False)])
def test_a_line_is_part_of_the_definition_from_thirty_percent_of_the_items(
    carrying: int, is_part: bool
) -> None:
    items = [["Reviewed", "Demo given"]] * carrying + [["Reviewed"]] * (10 - carrying)
    lines, origin = team_lines(items, None, [])
    assert lines == (("Reviewed", "Demo given") if is_part else ("Reviewed",))
    assert origin == "items"


def test_items_without_a_definition_do_not_count() -> None:
    assert team_lines([["Reviewed"], ["Tested"], ["Tested"], *[[]] * 20, [" "]], None, [])[0] == (
        "Reviewed",
        "Tested",
    )


def test_a_line_twice_in_one_item_counts_once() -> None:
    items = [["Demo given", "demo given"], *[["Reviewed"]] * 6]
    assert team_lines(items, None, [])[0] == ("Reviewed",)


def test_the_spelling_of_most_items_is_shown() -> None:
    items = [["code reviewed."], ["**Code reviewed**"], ["Code reviewed"], ["Code reviewed"]]
    assert team_lines(items, None, [])[0] == ("Code reviewed",)


def test_figures_make_different_lines() -> None:
    items = [["Coverage 80%"], ["Coverage ≥ 80 %"], ["Coverage 70%"]]
    assert team_lines(items, None, [])[0] == ("Coverage 70%", "Coverage 80%")


def test_lines_stand_where_most_items_have_them() -> None:
    items = [["Tested", "Reviewed"], *[["Reviewed", "Tested", "Demo given"]] * 3]
    assert team_lines(items, None, [])[0] == ("Reviewed", "Tested", "Demo given")


def test_a_document_comes_first_and_the_items_add_what_it_does_not_say() -> None:
    lines, origin = team_lines(
        [["The code is reviewed", "Coverage 70%"]], ["Coverage 80%", "Code reviewed"], []
    )
    assert lines == ("Coverage 80%", "Code reviewed", "Coverage 70%")
    assert origin == "items, document"


def test_items_that_add_nothing_leave_the_document_as_the_origin() -> None:
    assert team_lines([["code reviewed"]], ["Code reviewed", "Code reviewed"], ["Demo"]) == (
        ("Code reviewed",),
        "document",
    )


@pytest.mark.parametrize("documents", [None, [], ["  "]])
def test_the_product_file_counts_when_the_trackers_give_none(documents: list[str] | None) -> None:
    assert team_lines([[], [" "]], documents, [" Code reviewed "]) == (("Code reviewed",), "product")


def test_a_team_may_have_no_definition_at_all() -> None:
    assert team_lines([], None, []) == ((), "none")


def test_lines_that_many_items_share_are_read_once() -> None:
    items = [[f"Line {n}" for n in range(6)] for _ in range(100_000)]
    assert len(team_lines(items, None, [])[0]) == 6
    assert count_calls(lambda: team_lines(items, None, [])) < 10_000
