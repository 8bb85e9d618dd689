"""Figures of the recorded issues, counted from the file by the rulebook's sentences, without attune's code.

Only what those issues hold is counted: no due dates but of releases to come, sprints long closed.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

_LONE_BACKSLASH = re.compile(rb'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')
_DROPPED = {
    "won't do", "won't fix", "declined", "duplicate", "cannot reproduce", "incomplete", "invalid",
    "obsolete", "rejected", "abandoned",
}  # fmt: skip
_PRIORITY = {"High": 2, "Critical": 2, "Medium": 3, "Low": 4, "Trivial": 5}
_OPEN = ("todo", "doing")
Pair = tuple[str, str]
"""The keys of a blocker and of what waits for it."""


@dataclass(frozen=True)
class Issue:
    key: str
    state: str
    priority: int | None
    due: date | None
    components: frozenset[str]

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN


def load(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path) as lines:
        for line in lines:
            yield json.loads(_LONE_BACKSLASH.sub(lambda found: found[0] if found[1] else b"\\\\", line))


def issues(path: Path) -> dict[str, Issue]:
    return {one["key"]: _issue(one["key"], one["fields"]) for one in load(path)}


def _issue(key: str, fields: Mapping[str, Any]) -> Issue:
    return Issue(
        key=key,
        state=_state(fields),
        priority=_PRIORITY.get((fields.get("priority") or {}).get("name", "")),
        due=min(_releases(fields), default=None),
        components=frozenset(one["name"] for one in fields.get("components") or ()),
    )


def _state(fields: Mapping[str, Any]) -> str:
    category = fields["status"]["statusCategory"]["key"]
    if category != "done":
        return "doing" if category == "indeterminate" else "todo"
    resolution = ((fields.get("resolution") or {}).get("name") or "").lower()
    return "dropped" if resolution in _DROPPED else "done"


def _releases(fields: Mapping[str, Any]) -> Iterator[date]:
    for one in fields.get("fixVersions") or ():
        if not one.get("released") and not one.get("archived") and one.get("releaseDate"):
            yield date.fromisoformat(one["releaseDate"])


def edges(path: Path) -> set[Pair]:
    """Links that mean blocking, between two issues of the file."""
    known = {one["key"]: one["fields"].get("issuelinks") or () for one in load(path)}
    found = {pair for key, links in known.items() for link in links if (pair := _pair(key, link))}
    return {pair for pair in found if pair[0] in known and pair[1] in known}


def _pair(key: str, link: Mapping[str, Any]) -> Pair | None:
    outward = link["type"]["outward"]
    reads_outward = "outwardIssue" in link
    other = (link.get("outwardIssue") or link["inwardIssue"])["key"]
    if outward in ("blocks", "has to be done before"):
        return (key, other) if reads_outward else (other, key)
    if outward == "depends on":
        return (other, key) if reads_outward else (key, other)
    return None


def dependency_findings(found: Mapping[str, Issue], pairs: set[Pair], today: date) -> dict[str, set[Pair]]:
    """What the edge rules report for these edges, whatever the teams; one of the first four per edge."""
    rules: dict[str, set[Pair]] = {}
    for pair in pairs:
        blocker, dependent = found[pair[0]], found[pair[1]]
        for rule in _rules(blocker, dependent, today):
            rules.setdefault(rule, set()).add(pair)
    return rules


def _rules(blocker: Issue, dependent: Issue, today: date) -> Iterator[str]:
    """Nothing here has a start date."""
    if blocker.state == "dropped" and dependent.is_open:
        yield "dependency-dropped"
    if not (blocker.is_open and dependent.is_open):
        return
    need = dependent.due
    if blocker.due and need and blocker.due > need:
        yield "dependency-date"
    elif blocker.due and blocker.due < today:
        yield "dependency-overdue"
    elif not blocker.due and (dependent.state == "doing" or (need and need <= today + timedelta(90))):
        yield "dependency-unplanned"
    if dependent.state == "doing" and blocker.state == "todo":
        yield "dependency-unstarted"


def inversions(found: Mapping[str, Issue], pairs: set[Pair], team: Mapping[str, str]) -> set[str]:
    """Open issues less urgent than something they keep waiting over a path that crosses teams."""
    following: dict[str, set[str]] = {}
    for blocker, dependent in pairs:
        if found[blocker].is_open and found[dependent].is_open:
            following.setdefault(blocker, set()).add(dependent)
    return {key for key in following if _is_inverted(key, found, following, team)}


def _is_inverted(
    key: str, found: Mapping[str, Issue], following: Mapping[str, set[str]], team: Mapping[str, str]
) -> bool:
    own = found[key].priority
    if own is None:
        return False
    reached: set[tuple[str, bool]] = set()
    pending = [(key, False)]
    while pending:
        at, crossed = pending.pop()
        for other in following.get(at, ()):
            step = (other, crossed or team[at] != team[other])
            if step not in reached:
                reached.add(step)
                pending.append(step)
    return any(crossed and (found[other].priority or 9) < own for other, crossed in reached)


def drifting_mirrors(path: Path, found: Mapping[str, Issue]) -> set[frozenset[str]]:
    """Pairs of two projects that are clones or duplicates of each other, and differ in state.

    Neither is closed as a duplicate; where both are open, priority and due are compared too. Clones have
    at least 0.6 of their words in common.
    """
    pairs: set[frozenset[str]] = set()
    duplicates: set[str] = set()
    words: dict[str, set[str]] = {
        one["key"]: set(re.findall(r"\w+", (one["fields"].get("summary") or "").lower()))
        for one in load(path)
    }
    for one in load(path):
        if (one["fields"].get("resolution") or {}).get("name") == "Duplicate":
            duplicates.add(one["key"])
        for link in one["fields"].get("issuelinks") or ():
            other = (link.get("outwardIssue") or link["inwardIssue"])["key"]
            mine, theirs = words[one["key"]], words.get(other, set())
            is_alike = len(mine & theirs) >= 0.6 * len(mine | theirs)
            is_same = link["type"]["name"] == "Duplicate" or (link["type"]["name"] == "Cloners" and is_alike)
            if is_same and other in found:
                pairs.add(frozenset((one["key"], other)))
    return {pair for pair in pairs if not pair & duplicates and _drift(*(found[key] for key in sorted(pair)))}


def _drift(one: Issue, other: Issue) -> bool:
    if one.key.partition("-")[0] == other.key.partition("-")[0] or not (one.is_open or other.is_open):
        return False
    differ = [(a, b) for a, b in ((one.priority, other.priority), (one.due, other.due)) if a and b and a != b]
    return one.is_open != other.is_open or bool(differ)


def shared_components(found: Mapping[str, Issue]) -> set[str]:
    """Components of open issues of two or more projects, which no team here claims."""
    projects: dict[str, set[str]] = {}
    for one in found.values():
        for component in one.components if one.is_open else ():
            projects.setdefault(component.strip().casefold(), set()).add(one.key.partition("-")[0])
    return {component for component, teams in projects.items() if len(teams) > 1}


def states(found: Mapping[str, Issue]) -> Counter[Pair]:
    """How many issues by (project, state)."""
    return Counter((one.key.partition("-")[0], one.state) for one in found.values())
