"""YAML 1.2 to plain data that remembers the line of everything in it. Pure but for ``${…}``."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from config.product.problems import Path, Problem, printable
from config.product.variables import fill, names_any

_MOST_NODES = 100_000  # once aliases are written out
_TAG = "tag:yaml.org,2002:"
_TEXTS = frozenset({_TAG + "str", _TAG + "timestamp"})  # YAML 1.2's core schema has no dates
_OTHERS = frozenset(_TAG + name for name in ("int", "float", "bool", "null"))
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_HINT = "; inside { } and [ ] write ${…} in quotes"
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class UnreadableError(Exception):
    """No YAML, or too much of it; ``line`` counts from 1."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class Tree:
    """``told`` holds what stands in the file where ``${…}`` was filled in: only that may be shown."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    told: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # on what was put right while it was read

    def line(self, path: Path) -> int:
        """Of the value, or of the nearest thing above it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def at(self, path: Path) -> Any:
        """None where there is nothing."""
        here = self.data
        for step in path:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                return None
        return here

    def shown(self, path: Path) -> str:
        """A value in quotes, as its author wrote it."""
        return f'"{printable(self.told.get(path, str(self.at(path))))}"'


def parse(text: str, environment: Mapping[str, str]) -> Tree:
    """Raises UnreadableError for what is no YAML; what else is wrong stands in the tree."""
    tree = Tree()
    try:
        root = _compose(text)
        if root is not None:
            tree.data = _Builder(tree, environment).build(root, ())
    except RecursionError:
        raise UnreadableError(None, "is nested too deeply") from None
    return tree


def _compose(text: str) -> Node | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # YAML allows it
            found: Node | None = YAML(pure=True).compose(text)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UnreadableError(line, "is not valid YAML: it holds a control character") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        lines = text.splitlines()
        hint = _HINT if mark and "${" in "".join(lines[mark.line : mark.line + 1]) else ""
        raise UnreadableError(mark.line + 1 if mark else None, _syntax(error) + hint) from None
    except (YAMLError, ValueError):
        raise UnreadableError(None, "is not valid YAML") from None
    return found


def _syntax(error: Any) -> str:
    """The parser's words without anything quoted from the file: it may be part of a secret."""
    problem = error.problem or "it ends too early"
    if "alias" in problem:
        problem = "no anchor (&) has this alias; text that begins with * needs quotes"
    if error.context and error.context_mark:
        problem += f", {error.context} that begins in line {error.context_mark.line + 1}"
    quoted = re.sub(r"'([^']*)'|\"([^\"]*)\"", lambda found: found[0] if len(found[0]) <= 4 else "…", problem)
    return f"is not valid YAML: {quoted}"


class _Builder:
    def __init__(self, tree: Tree, environment: Mapping[str, str]) -> None:
        self._tree = tree
        self._environment = environment
        self._count = 0
        self._open: set[int] = set()  # nodes that enclose this one

    def build(self, node: Node, path: Path) -> Any:
        self._tree.lines.setdefault(path, node.start_mark.line + 1)
        self._count += 1
        if self._count > _MOST_NODES:
            raise UnreadableError(None, f"holds more than {_MOST_NODES} values with its aliases")
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if id(node) in self._open:
            self._tell(path, "is an alias of something that it is part of")
            return None
        self._open.add(id(node))
        try:
            return self._collection(node, path)
        finally:
            self._open.discard(id(node))

    def _tell(self, path: Path, text: str, line: int | None = None) -> None:
        self._tree.problems.append(Problem(path, text, line))

    def _collection(self, node: Node, path: Path) -> Any:
        if node.tag == _TAG + "seq" and isinstance(node, SequenceNode):
            return [self.build(one, (*path, place)) for place, one in enumerate(node.value)]
        if node.tag == _TAG + "map" and isinstance(node, MappingNode):
            return self._mapping(node, path)
        self._tell(path, "carries a tag (!) that is not known; expected none")
        return None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                self._tell(path, "has a key that is a list or a mapping; expected text", line)
            elif key.tag == _TAG + "merge":
                self._tell(path, "merges with <<, which YAML 1.2 does not have; expected the fields", line)
            elif key.value in found:
                first = self._tree.lines[(*path, key.value)]
                self._tell((*path, key.value), f"is given twice, first in line {first}; expected once", line)
            else:
                self._tree.lines[(*path, key.value)] = line
                found[key.value] = self.build(value, (*path, key.value))
        return found

    def _scalar(self, node: ScalarNode, path: Path) -> Any:
        text: str = node.value
        if node.tag in _TEXTS:
            return self._filled(text, path)
        if node.tag not in _OTHERS:
            self._tell(path, "carries a tag (!) that is not known; expected none")
            return None
        return plain(text)

    def _filled(self, text: str, path: Path) -> str:
        if not names_any(text):
            return text
        self._tree.told[path] = text
        filled = fill(text, self._environment)
        for problem in filled.problems:
            self._tell(path, problem)
        self._tree.remarks += filled.remarks
        return filled.text


def plain(text: str) -> Any:
    """An unquoted scalar by YAML 1.2's core schema; what looks like none of its types is text."""
    if text in _NOTHING:
        return None
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if re.fullmatch(r"0o[0-7]{1,18}|0x[0-9a-fA-F]{1,16}", text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text
