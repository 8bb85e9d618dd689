"""Documents as Markdown."""

from typing import Any

import pytest

from connectors.jira.parse import adf


def _text(words: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": words, "marks": list(marks)}


@pytest.mark.parametrize(
    ("node", "written"),
    [
        ({"type": "paragraph", "content": [_text("a"), {"type": "hardBreak"}, _text("b")]}, "a\nb"),
        ({"type": "paragraph", "content": [_text("x", {"type": "code"})]}, "`x`"),
        ({"type": "paragraph", "content": [_text("x", {"type": "strike"})]}, "~~x~~"),
        (
            {"type": "paragraph", "content": [_text("x", {"type": "link", "attrs": {"href": "https://y"}})]},
            "[x](https://y)",
        ),
        (
            {"type": "paragraph", "content": [{"type": "inlineCard", "attrs": {"url": "https://y"}}]},
            "https://y",
        ),
        ({"type": "heading", "attrs": {"level": 2}, "content": [_text("Done")]}, "## Done"),
        ({"type": "codeBlock", "content": [_text("x")]}, "```\nx\n```"),
        ({"type": "blockquote", "content": [{"type": "paragraph", "content": [_text("x")]}]}, "> x\n>"),
        (
            {
                "type": "bulletList",
                "content": [
                    {"type": "listItem", "content": [{"type": "paragraph", "content": [_text(one)]}]}
                    for one in ("a", "b")
                ],
            },
            "- a\n- b",
        ),
        (
            {
                "type": "table",
                "content": [
                    {
                        "type": "tableRow",
                        "content": [
                            {"type": "tableCell", "content": [{"type": "paragraph", "content": [_text(one)]}]}
                            for one in ("a", "b")
                        ],
                    }
                ],
            },
            "| a | b |",
        ),
        ({"type": "panel", "content": [{"type": "paragraph", "content": [_text("x")]}]}, "x"),
        ({"type": "rule"}, ""),
    ],
)
def test_a_document_becomes_markdown(node: dict[str, Any], written: str) -> None:
    assert adf.to_text({"type": "doc", "content": [node]}) == written
