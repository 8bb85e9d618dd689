"""Lines of a list: bullets and numbers of Markdown and of wiki markup, boxes and icons."""

import re
from typing import NamedTuple

_TICKED = "☑✅✔✓🗹🗸"
_EMPTY = "☐⬜▢□◻🔲❌❎✗✘⬛"
_SETTLED = (
    r"done|checked|completed?|closed|passed|yes|ok|skip(?:ped)?|n/?a|not applicable|gereed|klaar|afgerond"
    r"|voltooid|ja|nvt|n\.v\.t\.?|niet van toepassing|overgeslagen"
)
_UNSETTLED = (
    r"open|to[ -]?do|in[ -]progress|in[ -]review|doing|busy|pending|waiting|on hold|blocked|failed|no"
    r"|unchecked|te doen|bezig|mee bezig|wacht|geblokkeerd|nee"
)
"""States in a box. What does not apply counts as ticked (rulebook, Definitions of Done)."""

_BOX = (
    rf"\[[ \t]?(?P<box>[xXvV*{_TICKED}]|[_~>!/-]|(?i:{_SETTLED}|{_UNSETTLED}))?[ \t]?\](?![(|\[])"
    r"|\((?P<icon>[/xX!?*+-])\)"
    rf"|(?P<sign>[{_TICKED}{_EMPTY}])\ufe0f?"
    r"|:(?P<code>white_check_mark|heavy_check_mark|ballot_box_with_check|x|white_large_square|black_square_button):"
)
_LONE_BOX = _BOX.replace("?P<", "?P<lone_")
_LINE = re.compile(
    r"(?P<blank>[ \t]*+)"
    r"(?:(?P<mark>[-*+•‣◦–]|[*#-]{1,9}|\d{1,4}[.)]|[a-z][.)])"
    rf"(?:[ \t]++|(?=\[[ \t]?[xXvV]?[ \t]?\])|(?=\?[ \t]))(?:(?:{_BOX})[ \t]*+)?"
    rf"|(?:{_LONE_BOX})[ \t]*+|(?=\?[ \t]))"
    r"(?P<optional>\?[ \t]++)?"
)
_TICKS = frozenset({"/", "white_check_mark", "heavy_check_mark", "ballot_box_with_check"})
_IS_SETTLED = re.compile(rf"[xXvV*{_TICKED}]|{_SETTLED}", re.IGNORECASE)


class Bullet(NamedTuple):
    """``content`` is where the words begin; ``mark`` tells lists apart: "-", "*", "#", "1", "" for a box.

    ``is_optional``: a checklist's own mark says so ("*[]? Demo given").
    """

    depth: int
    mark: str
    is_ticked: bool
    content: int
    is_optional: bool


def bullet(text: str, start: int = 0) -> Bullet | None:
    """The list line that begins at ``start``, None when it is none. A wiki line ``# x`` is one."""
    found = _LINE.match(text, start)
    if found is None:
        return None
    mark = found["mark"] or ""
    is_wiki = bool(mark) and not mark.strip("*#-")
    depth = depth_of(found["blank"]) + (len(mark) - 1 if is_wiki else 0)
    return Bullet(depth, _family(mark), _is_ticked(found), found.end(), found["optional"] is not None)


def is_settled(state: str) -> bool:
    """Whether a box, or a state's name, says that nothing is left to do."""
    return _IS_SETTLED.fullmatch(state.strip()) is not None


def depth_of(blank: str) -> int:
    """How deep a line is indented; a single blank is none."""
    return len(blank.expandtabs(4)) // 2


def _family(mark: str) -> str:
    return "1" if mark[:1].isalnum() else mark[:1]


def _is_ticked(found: re.Match[str]) -> bool:
    said = found.groupdict()
    box = said["box"] or said["lone_box"] or ""
    other = next((said[name] for name in ("icon", "lone_icon", "code", "lone_code") if said[name]), "")
    sign = said["sign"] or said["lone_sign"] or " "
    return is_settled(box) or other in _TICKS or sign in _TICKED
