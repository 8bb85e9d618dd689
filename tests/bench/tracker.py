"""A tracker in a process of its own: ``python -m tests.bench.tracker jira|github COUNT PORT``.

It answers from rendered bytes, so that the figures are those of its readers. POST /bench/touch
with {"key", "priority"} changes an issue and answers the webhook a real tracker would send.
"""

import sys

import uvicorn

from tests.bench import data

TOKEN = "bench-token"


def application(kind: str, count: int):
    if kind == "jira":
        from connectors.jira import simulator

        site = simulator.JiraSite(
            flavour="cloud",
            projects={"ONL": "Online"},
            issues=data.jira_issues(count),
            email="bench@example.com",
            token=TOKEN,
        )
        return simulator.application(site)
    from connectors.github import simulator

    host = simulator.GitHubHost(repositories={"acme/web": data.github_issues(count)}, token=TOKEN)
    return simulator.application(host)


if __name__ == "__main__":
    kind, count, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    uvicorn.run(application(kind, count), port=port, log_level="error", access_log=False)
