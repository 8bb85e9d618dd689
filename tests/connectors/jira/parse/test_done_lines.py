"""The forms that a field with a Definition of Done takes, checklist apps' among them."""

from typing import Any

import orjson
import pytest

from connectors.item import DodLine
from connectors.jira.parse.done_lines import read_done_lines

TICKED = ["done", "Done", "checked", "skipped", "SKIPPED", "notApplicable", "not applicable", "N/A", "n.v.t."]
UNTICKED = ["none", "inProgress", "in progress", "blocked", "todo", "open", "", None]


def lines(*pairs: tuple[str, bool]) -> tuple[DodLine, ...]:
    return tuple(DodLine(words, is_ticked) for words, is_ticked in pairs)


def row(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "checked": False, "isHeader": False, **more}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([row("Reviewed", checked=True), row("Tested")], lines(("Reviewed", True), ("Tested", False))),
        (
            [row("Code", isHeader=True), row("Reviewed", checked=True), row("Test", isHeader=True),
             row("Tested")],
            lines(("Reviewed", True), ("Tested", False)),
        ),
        ([row("Only a heading", isHeader=True)], ()),
        *(
            ([row("Later", **{name: True}), row("Tested")], lines(("Tested", False)))
            for name in ("header", "isSeparator", "separator", "isDivider", "heading")
        ),
        *(
            ([row("Later", type=kind), row("Tested", type="item")], lines(("Tested", False)))
            for kind in ("header", "HEADER", "separator", "section", "divider")
        ),
        ([row("--- Later"), row("# Code"), row("Tested")], lines(("Tested", False))),
        (
            [row("Tested", optional=True), row("Documented", isOptional=True, checked=True), row("Reviewed")],
            (DodLine("Tested", False, True), DodLine("Documented", True, True), DodLine("Reviewed", False)),
        ),
        ([row("[x] Tested"), row("Read:"), row("? Demo given")],
         (DodLine("Tested", True), DodLine("Read", False), DodLine("Demo given", False, True))),
        ([{"name": "Code", "isHeader": True}, {"name": "Tested"}], lines(("Tested", False))),
        ([row("Tested", mandatory=False)], lines(("Tested", False))),
        *(([row("Tested", statusId=state)], lines(("Tested", True))) for state in TICKED),
        *(([row("Tested", statusId=state)], lines(("Tested", False))) for state in UNTICKED),
        ([{"text": "Tested", "state": "DONE"}, {"text": "Read"}], lines(("Tested", True), ("Read", False))),
        ([{"text": "Tested", "status": {"id": "7", "name": "In progress"}}], lines(("Tested", False))),
        ([{"text": "Tested", "status": {"id": "7", "name": "Skipped"}}], lines(("Tested", True))),
        (
            [{"text": "Tested", "completed": "true"}, {"text": "Read", "done": 0}],
            lines(("Tested", True), ("Read", False)),
        ),
        ({"items": [row("Tested")]}, lines(("Tested", False))),
        (
            {"checklists": [{"name": "DoD", "items": [row("Tested", checked=True)]},
                            {"name": "Empty", "items": []}]},
            lines(("Tested", True)),
        ),
        (
            [row("Tested", children=[row("Unit tests", checked=True)])],
            lines(("Tested", False), ("Unit tests", True)),
        ),
        # options of a field are listed when they are ticked
        (
            [{"id": "1", "value": "Reviewed"}, {"id": "2", "value": "Tested"}],
            lines(("Reviewed", True), ("Tested", True)),
        ),
        ({"id": "1", "value": "Reviewed"}, lines(("Reviewed", True))),
        (["Reviewed", " ", "Tested"], lines(("Reviewed", True), ("Tested", True))),
        (
            ["[x] Reviewed", "[ ] Tested", "Read"],
            lines(("Reviewed", True), ("Tested", False), ("Read", False)),
        ),
        ([None, 7, "Reviewed"], lines(("Reviewed", True))),
        ("* [x] Reviewed\n* [ ] Tested", lines(("Reviewed", True), ("Tested", False))),
        (
            "items: [{text: Reviewed, checked: true}, {text: Tested}]",
            lines(("Reviewed", True), ("Tested", False)),
        ),
        ("# Done when\n--- Code\n* [x] Reviewed\nTested", lines(("Reviewed", True), ("Tested", False))),
        ("# Done when", ()),
        ("* []? Demo given", (DodLine("Demo given", False, True),)),
        ("Reviewed\n\nTested", lines(("Reviewed", False), ("Tested", False))),
        (None, ()),
        (7, ()),
        ("", ()),
        ([], ()),
        ({}, ()),
    ],
)  # fmt: skip
def test_every_form(value: Any, found: tuple[DodLine, ...]) -> None:
    assert read_done_lines(value) == found


def test_rows_that_an_app_keeps_as_text_are_rows() -> None:
    rows = [row("Code", isHeader=True), row("Reviewed", checked=True), row("Tested", statusId="inProgress")]
    expected = lines(("Reviewed", True), ("Tested", False))
    assert read_done_lines(orjson.dumps(rows).decode()) == expected
    assert read_done_lines(orjson.dumps({"items": rows}).decode()) == expected
    assert read_done_lines('[{"name": "Tested"}]') == lines(("Tested", False))


@pytest.mark.parametrize("text", ["[x] Reviewed", "[not json", "{code}", "[1, 2]"])
def test_a_text_that_begins_with_a_bracket_is_a_text(text: str) -> None:
    assert isinstance(read_done_lines(text), tuple)


def _paragraph(words: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": words}]}


def test_a_documents_tasks_are_its_lines_and_its_headings_are_none() -> None:
    tasks = [
        {"type": kind, "attrs": {"state": state}, "content": content}
        for kind, state, content in (
            ("taskItem", "DONE", [{"type": "text", "text": "Reviewed"}]),
            ("taskItem", "TODO", [{"type": "text", "text": "Tested"}]),
            ("blockTaskItem", "DONE", [_paragraph("Documented")]),
        )
    ]
    heading = {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Done when"}]}
    document = {"type": "doc", "content": [heading, {"type": "taskList", "content": tasks}, {"type": "rule"}]}
    assert read_done_lines(document) == lines(("Reviewed", True), ("Tested", False), ("Documented", True))


def test_a_documents_plain_lines_are_lines() -> None:
    document = {"type": "doc", "content": [_paragraph("Reviewed"), _paragraph("Tested")]}
    assert read_done_lines(document) == lines(("Reviewed", False), ("Tested", False))
