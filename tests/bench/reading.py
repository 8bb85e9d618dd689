"""20,000 issues from a tracker on loopback into SQLite, stored and analysed; and how peers read them."""

import statistics
import sys
from typing import Any

from tests.bench.processes import COUNT, run, tracker

RUNS = 3
PEERS = {"jira": ("jira", "dlt-jira"), "github": ("pygithub", "dlt-github")}
WORDS = {
    "jira": "`jira` package, its own objects, nothing stored",
    "pygithub": "PyGithub, its own objects, nothing stored",
    "dlt-jira": "dlt, pages of JSON into SQLite",
    "dlt-github": "dlt, pages of JSON into SQLite",
}


async def bench() -> None:
    print(f"\n### Reading {COUNT:,} issues (loopback, median of {RUNS} runs in turn)\n")
    print("| tracker | reader | issues/s | memory | requests |")
    print("|---|---|---|---|---|")
    for kind, peers in PEERS.items():
        async with tracker(kind) as port:
            for line in await _compared(kind, peers, port):
                print(line, flush=True)


async def _compared(kind: str, peers: tuple[str, ...], port: int) -> list[str]:
    """Each reader once per round, so that a slow moment of the machine meets them all.

    A first round does not count: the simulated tracker renders in it what it is asked for. Every run is
    told as it comes, for what they scatter.
    """
    rounds: dict[str, list[dict[str, Any]]] = {}
    for number in range(RUNS + 1):
        found = {"attune": await _attune(kind, port)}
        found |= {peer: await run("tests.bench.peers", peer, str(port)) for peer in peers}
        for name, one in found.items():
            if number:
                rounds.setdefault(name, []).append(one)
            print(f"{name} {number}: {COUNT / one['seconds']:,.0f}/s", file=sys.stderr)
    return [_line(kind, name, told) for name, told in rounds.items()]


async def _attune(kind: str, port: int) -> dict[str, Any]:
    return await run("tests.bench.attune", kind, str(port))


def _line(kind: str, name: str, found: list[dict[str, Any]]) -> str:
    assert {one["items"] for one in found} == {COUNT}, found
    rate = COUNT / statistics.median(one["seconds"] for one in found)
    memory = statistics.median(one["megabytes"] for one in found)
    words = WORDS.get(name, "**attune**: normalised, stored, analysed")
    return f"| {kind} | {words} | {rate:,.0f} | {memory:.0f} MB | {found[0].get('requests', '')} |"
