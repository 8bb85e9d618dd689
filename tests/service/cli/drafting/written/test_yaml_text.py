import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from config.product.tree import parse
from service.cli.drafting.written.yaml_text import aligned, beside, comments, listing, scalar


def _read(text: str) -> object:
    return parse(text, {}).data


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_again_as_one_text_and_names_no_variable(text: str) -> None:
    tree = parse(f"name: {scalar(text)}\nlist: {listing([text, text])}", {})
    assert tree.problems == []
    assert isinstance(tree.data["name"], str)
    assert tree.data["list"] == [tree.data["name"]] * 2


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"])).filter(lambda one: "${" not in one)
)
def test_printable_text_is_read_again_as_it_was(text: str) -> None:
    shown = "".join(one if one.isprintable() else " " for one in text)
    assert _read(f"name: {scalar(text)}") == {"name": shown}


@pytest.mark.parametrize(
    "word", ["true", "No", "on", "null", "~", "12", "1e3", "2026-03-01", "", "- a", "a: b"]
)
def test_what_looks_like_something_else_is_quoted(word: str) -> None:
    assert _read(f"name: {scalar(word)}") == {"name": word}
    assert YAML(typ="safe", pure=True).load(scalar(word)) == word


@settings(deadline=None)
@given(st.text(), st.text(min_size=1))
def test_a_comment_never_becomes_part_of_the_file(text: str, comment: str) -> None:
    lines = [*comments(text), *aligned(beside("key: value", comment))]
    assert _read("\n".join(lines)) == {"key": "value"}


def test_a_comment_without_room_beside_the_line_stands_above_it() -> None:
    line = "    #     due: " + "x" * 90
    assert aligned(beside(line, "a remark")) == ["    #     # a remark", line]
    assert aligned(beside("  # name: " + "x" * 99, "a remark"))[0] == "  # a remark"
