"""20,000 believable issues for either tracker: texts of 1–2 kB, sprints, links, a sentence here and there."""

import random
from datetime import UTC, datetime, time, timedelta
from typing import Any

from connectors.github.simulator import issue as github_issue
from connectors.jira.simulator import Sprint, link
from connectors.jira.simulator import issue as jira_issue

WORDS = [
    "basket", "checkout", "voucher", "stock", "till", "loyalty", "card", "refund", "parcel",
    "label", "search", "filter", "price", "tax", "invoice", "promotion", "window", "opening",
    "hours", "store", "pick", "up", "delivery", "slot", "carrier", "return", "supplier", "order",
    "account",
]  # fmt: skip
TEAMS = ("online", "stores")
TODAY = datetime.now(UTC).date()
BEGUN = datetime.combine(TODAY, time(9), UTC) - timedelta(days=300)


def sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(words)).capitalize() + "."


def text(dice: random.Random) -> str:
    return "\n\n".join(" ".join(sentence(dice, 12) for _ in range(4)) for _ in range(dice.randint(2, 4)))


def _sprint(number: int) -> Sprint:
    first, last = f"{TODAY}T09:00:00.000Z", f"{TODAY + timedelta(days=13)}T17:00:00.000Z"
    return Sprint(number, f"Sprint {number}", "active", first, last)


def jira_issues(count: int, project: str = "ONL") -> list[dict[str, Any]]:
    dice = random.Random(1)
    found = []
    for number in range(1, count + 1):
        description = text(dice)
        links = []
        if number > 10 and number % 5 == 0:
            links.append(link("Blocks", inward=f"{project}-{dice.randint(1, number - 1)}"))
        if number > 10 and number % 50 == 0:
            description += f"\n\nBlocked by {project}-{dice.randint(1, number - 1)}."
        due = TODAY + timedelta(days=dice.randint(0, 200))
        found.append(
            jira_issue(
                key=f"{project}-{number}",
                summary=sentence(dice, 6),
                type=dice.choice(["Story", "Bug", "Task"]),
                status=dice.choice(["To Do", "To Do", "In Progress", "Done"]),
                priority=dice.choice(["High", "Medium", "Low"]),
                description=description,
                labels=[dice.choice(WORDS), dice.choice(TEAMS)],
                components=[dice.choice(WORDS)],
                links=links,
                due=due if number % 2 else None,
                sprint=_sprint(number % 20 + 1) if number % 3 == 0 else None,
                created=BEGUN + timedelta(minutes=number),
                updated=BEGUN + timedelta(days=20, minutes=number),
            )
        )  # fmt: skip
    return found


def github_issues(count: int, repository: str = "acme/web") -> list[dict[str, Any]]:
    dice = random.Random(1)
    found = []
    for number in range(1, count + 1):
        body = text(dice)
        blocked_by = []
        if number > 10 and number % 5 == 0:
            blocked_by.append((repository, dice.randint(1, number - 1)))
        if number > 10 and number % 50 == 0:
            body += f"\n\nBlocked by #{dice.randint(1, number - 1)}."
        closed = dice.random() < 0.25
        found.append(
            github_issue(
                number=number,
                title=sentence(dice, 6),
                body=body,
                labels=[dice.choice(WORDS), dice.choice(TEAMS), dice.choice(["P1", "P2", "P3"])],
                assignees=["robin"] if number % 2 else [],
                state="CLOSED" if closed else "OPEN",
                type=dice.choice(["Feature", "Bug", "Task"]),
                blocked_by=blocked_by,
                created_at=f"{BEGUN + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}",
                updated_at=f"{BEGUN + timedelta(days=20, minutes=number):%Y-%m-%dT%H:%M:%SZ}",
            )
        )
    return found
