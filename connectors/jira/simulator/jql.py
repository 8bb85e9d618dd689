"""The part of JQL that attune and its users' filters write; the rest is an error, as in Jira."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


class QueryError(ValueError):
    """Answered as 400 with this message."""


@dataclass(frozen=True, slots=True)
class Row:
    """What can be asked of an issue. Moments are epoch milliseconds."""

    id: int
    key: str
    project: str
    number: int
    created: int
    updated: int
    words: dict[str, frozenset[str]]  # field → its values, casefolded


Test = Callable[[Row], bool]
Order = Sequence[tuple[str, bool]]  # (field, descending)

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<sign>!=|>=|<=|[=<>~(),])|(?P<word>[^\s"'=<>!~(),]+))"""
)
_MOMENTS = {"created": "created", "createddate": "created", "updated": "updated", "updateddate": "updated"}
_IDS = {"id", "key", "issuekey", "issue"}
_WORDS = {
    "type": "issuetype", "issuetype": "issuetype", "status": "status", "statuscategory": "statuscategory",
    "priority": "priority", "labels": "labels", "component": "component", "resolution": "resolution",
    "project": "project", "level": "level", "fixversion": "fixversion", "sprint": "sprint",
}  # fmt: skip


def parse(query: str, zone: ZoneInfo) -> tuple[Test, Order]:
    """The query's test and order; date literals are read in ``zone``. Raises QueryError."""
    reader = _Reader(list(_tokens(query)), zone)
    test = reader.alternatives() if reader.peek() not in ("", "order") else lambda row: True
    return test, reader.order()


def _tokens(query: str) -> Iterator[str]:
    at = 0
    while query[at:].strip():
        match = _TOKEN.match(query, at)
        if not match:
            raise QueryError(f"Error in the JQL Query: unexpected character at {at + 1}.")
        yield match[0].strip()
        at = match.end()


class _Reader:
    """A recursive descent over the tokens."""

    def __init__(self, tokens: list[str], zone: ZoneInfo) -> None:
        self.tokens, self.zone, self.at = tokens, zone, 0

    def peek(self) -> str:
        return self.tokens[self.at].casefold() if self.at < len(self.tokens) else ""

    def take(self) -> str:
        if self.at >= len(self.tokens):
            raise QueryError("Error in the JQL Query: it ends too early.")
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, word: str) -> bool:
        if self.peek() != word:
            return False
        self.at += 1
        return True

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise QueryError(f"Error in the JQL Query: expecting '{word}' but got '{self.peek()}'.")

    def alternatives(self) -> Test:
        tests = [self.conjunction()]
        while self.accept("or"):
            tests.append(self.conjunction())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def conjunction(self) -> Test:
        tests = [self.clause()]
        while self.accept("and"):
            tests.append(self.clause())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def clause(self) -> Test:
        if self.accept("not"):
            inner = self.clause()
            return lambda row: not inner(row)
        if self.accept("("):
            inner = self.alternatives()
            self.expect(")")
            return inner
        return self.comparison()

    def comparison(self) -> Test:
        field = _bare(self.take()).casefold()
        if field not in _MOMENTS and field not in _IDS and field not in _WORDS:
            raise QueryError(f"Field '{field}' does not exist or you do not have permission to view it.")
        negated, operator = self.operator()
        values = self.values() if operator == "in" else [_bare(self.take())]
        test = _test(field, operator, values, self.zone)
        return (lambda row: not test(row)) if negated else test

    def operator(self) -> tuple[bool, str]:
        if self.accept("not"):
            self.expect("in")
            return True, "in"
        if self.accept("is"):
            return self.accept("not"), "is"
        word = self.take().casefold()
        if word not in {"=", "!=", ">=", "<=", ">", "<", "in"}:
            raise QueryError(f"Error in the JQL Query: the operator '{word}' is not supported here.")
        return (True, "=") if word == "!=" else (False, word)

    def values(self) -> list[str]:
        self.expect("(")
        found = [_bare(self.take())]
        while self.accept(","):
            found.append(_bare(self.take()))
        self.expect(")")
        return found

    def order(self) -> Order:
        if self.accept("order"):
            self.expect("by")
            found = [self.direction()]
            while self.accept(","):
                found.append(self.direction())
        else:
            found = [("created", True)]
        if self.at < len(self.tokens):
            raise QueryError(f"Error in the JQL Query: unexpected '{self.peek()}'.")
        return found

    def direction(self) -> tuple[str, bool]:
        field = _bare(self.take()).casefold()
        if field not in _MOMENTS and field not in _IDS:
            raise QueryError(f"Not able to sort using field '{field}'.")
        descending = self.accept("desc")
        if not descending:
            self.accept("asc")
        return field, descending


def _bare(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[:1] in "\"'" else token


def _test(field: str, operator: str, values: list[str], zone: ZoneInfo) -> Test:
    if field in _MOMENTS:
        bound = _moment(values[0], zone)
        return _compare(_MOMENTS[field], operator, bound)
    if field in _IDS:
        return _identity(operator, values)
    name = _WORDS[field]
    if operator == "is":
        return lambda row: not row.words.get(name)
    if operator not in ("=", "in"):
        raise QueryError(f"The operator '{operator}' is not supported by the '{field}' field.")
    wanted = {value.casefold() for value in values}
    return lambda row: not wanted.isdisjoint(row.words.get(name, ()))


def _identity(operator: str, values: list[str]) -> Test:
    if operator in ("=", "in"):
        wanted = {value.upper() for value in values}
        return lambda row: str(row.id) in wanted or row.key in wanted
    project, _, number = values[0].upper().rpartition("-")
    if not number.isdigit():
        raise QueryError(f"The value '{values[0]}' does not exist for the field 'key'.")
    test = _compare("number" if project else "id", operator, int(number))
    return lambda row: (not project or row.project == project) and test(row)


def _compare(name: str, operator: str, bound: int) -> Test:
    tests: dict[str, Callable[[Any], bool]] = {
        ">=": lambda value: value >= bound,
        "<=": lambda value: value <= bound,
        ">": lambda value: value > bound,
        "<": lambda value: value < bound,
        "=": lambda value: value == bound,
    }
    if operator not in tests:
        raise QueryError(f"The operator '{operator}' is not supported by the '{name}' field.")
    test = tests[operator]
    return lambda row: test(getattr(row, name))


def _moment(text: str, zone: ZoneInfo) -> int:
    """Epoch milliseconds, or a date with or without minutes in the account's zone."""
    if text.lstrip("-").isdigit():
        return int(text)
    for form in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
        try:
            local = datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
        return int(local.timestamp() * 1000)
    raise QueryError(
        f"Date value '{text}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm'."
    )


def sort(rows: list[Row], order: Order) -> list[Row]:
    """Stable, the last field first, as any sort by several keys."""
    for field, descending in reversed(order):
        rows = sorted(rows, key=_sort_key(field), reverse=descending)
    return rows


def _sort_key(field: str) -> Callable[[Row], Any]:
    if field in _MOMENTS:
        name = _MOMENTS[field]
        return lambda row: getattr(row, name)
    return lambda row: (row.project, row.number)
