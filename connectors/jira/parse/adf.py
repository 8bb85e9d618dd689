"""Atlassian Document Format → Markdown, so that text is read in one way whatever it came as."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Node = Mapping[str, Any]

_MARKS = {"code": "`{}`", "strike": "~~{}~~", "strong": "**{}**", "em": "*{}*"}


def to_text(document: Node) -> str:
    """Unknown nodes give the text inside them."""
    return "\n".join(_blocks(document.get("content") or ())).strip()


def _blocks(nodes: Sequence[Node]) -> list[str]:
    return [line for node in nodes for line in _block(node)]


def _block(node: Node) -> list[str]:
    shape = _SHAPES.get(str(node.get("type")))
    return shape(node) if shape else _blocks(_inner(node))


def _inner(node: Node) -> Sequence[Node]:
    return node.get("content") or ()


def _paragraph(node: Node) -> list[str]:
    return [*_inline(_inner(node)).split("\n"), ""]


def _heading(node: Node) -> list[str]:
    level = int((node.get("attrs") or {}).get("level") or 1)
    return ["#" * level + " " + _inline(_inner(node)), ""]


def _code(node: Node) -> list[str]:
    return ["```", _inline(_inner(node)), "```", ""]


def _quote(node: Node) -> list[str]:
    return ["> " + line for line in _blocks(_inner(node))] + [""]


def _list(node: Node) -> list[str]:
    return [line for item in _inner(node) for line in _item(item)]


def _table(node: Node) -> list[str]:
    return ["| " + " | ".join(_cells(row)) + " |" for row in _inner(node)] + [""]


def _loose(node: Node) -> list[str]:
    return [_inline([node])]


_SHAPES: dict[str, Callable[[Node], list[str]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "codeBlock": _code,
    "blockquote": _quote,
    **dict.fromkeys(("bulletList", "orderedList", "taskList", "decisionList"), _list),
    "table": _table,
    **dict.fromkeys(("text", "inlineCard", "blockCard", "embedCard", "mention", "hardBreak"), _loose),
}


def _item(node: Node) -> list[str]:
    """A list's entry, its own lists indented below it."""
    if node.get("type") in ("taskList", "bulletList", "orderedList"):
        return ["  " + line for line in _block(node)]
    inner = node.get("content") or ()
    is_inline = node.get("type") in ("taskItem", "decisionItem")
    lines = _inline(inner).split("\n") if is_inline else [line for line in _blocks(inner) if line]
    first, rest = (lines[0], lines[1:]) if lines else ("", [])
    return [f"- {_box(node)}{first}", *("  " + line for line in rest)]


def _box(node: Node) -> str:
    if node.get("type") not in ("taskItem", "blockTaskItem"):
        return ""
    return "[x] " if (node.get("attrs") or {}).get("state") == "DONE" else "[ ] "


def _cells(row: Node) -> list[str]:
    return [" ".join(line for line in _blocks(cell.get("content") or ()) if line) for cell in row["content"]]


def _inline(nodes: Sequence[Node]) -> str:
    return "".join(_words(node) for node in nodes)


def _words(node: Node) -> str:
    attrs = node.get("attrs") or {}
    match node.get("type"):
        case "text":
            return _marked(str(node.get("text") or ""), node.get("marks") or ())
        case "hardBreak":
            return "\n"
        case "inlineCard" | "blockCard" | "embedCard":
            return str(attrs.get("url") or "")
        case "mention" | "emoji" | "status":
            return str(attrs.get("text") or attrs.get("shortName") or "")
        case _:
            return _inline(node.get("content") or ())


def _marked(words: str, marks: Sequence[Node]) -> str:
    for mark in marks:
        kind = str(mark.get("type"))
        if kind == "link":
            words = f"[{words}]({(mark.get('attrs') or {}).get('href') or ''})"
        elif kind in _MARKS:
            words = _MARKS[kind].format(words)
    return words
