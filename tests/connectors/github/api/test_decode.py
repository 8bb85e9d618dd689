"""Records that nobody should have written (faults 21-30): they harm no other."""

import json
from typing import Any

import orjson
import pytest

from connectors.contract import Page, SourceError
from connectors.github.api.decode import DEEPEST, decode, decode_leniently, without_depths
from connectors.github.client import GitHub
from connectors.github.simulator import GitHubHost, issue, milestone, project, project_values
from connectors.transport import Answer, Retry
from tests.connectors.github.hosts import STORES, Opened, all_pages, host_of, native_ids

DEEP = b"[" * 10_000 + b"]" * 10_000
HUGE = b"9" * 5_000
MARK = b'"@@"'


def hosting(splice: bytes, **more: Any) -> GitHubHost:
    """Issue 2 of three holds the mark where ``more`` puts it; the mark stands for ``splice``."""
    stores = [issue(1, "Good"), issue(2, **{"title": "Bad", **more}), issue(3, "Fine")]
    return GitHubHost({STORES: stores}, token="t", splices={MARK: splice})


@pytest.mark.parametrize(
    ("splice", "word"),
    [(b"NaN", "NaN"), (b"-Infinity", "Infinity"), (HUGE, "5000 digits"), (DEEP, "nested")],
)
@pytest.mark.parametrize("graphql", [True, False])
async def test_the_record_is_rejected_with_a_word_and_the_page_kept(
    opened: Opened, splice: bytes, word: str, graphql: bool
) -> None:
    host = hosting(splice, title="@@")
    host.graphql = graphql
    (page,) = await opened(host, all_pages)
    assert native_ids([page]) == ["1", "3"]
    assert [one.key for one in page.rejected] == ["acme/stores#2"]
    assert word in page.rejected[0].reason


@pytest.mark.parametrize("splice", [b"NaN", b"1e999", HUGE])
async def test_an_estimate_that_is_no_number_rejects_its_issue(opened: Opened, splice: bytes) -> None:
    stores = [issue(1, "Good"), issue(2, "Bad", project=project_values(estimate=123456.5))]
    host = GitHubHost({STORES: stores}, {"acme/12": project("Plan", [STORES])}, token="t")
    host.splices = {b"123456.5": splice}
    (page,) = await opened(host, all_pages, project="acme/12")
    assert (native_ids([page]), [one.key for one in page.rejected]) == (["1"], ["acme/stores#2"])


@pytest.mark.parametrize("graphql", [True, False])
async def test_surrogates_and_nul_are_replaced_and_the_item_kept(opened: Opened, graphql: bool) -> None:
    host = hosting(rb'"a\ud800b\u0000c"', body="@@")
    host.graphql = graphql
    (page,) = await opened(host, all_pages)
    (bad,) = [one for one in page.items if one.native_id == "2"]
    assert orjson.loads(bad.raw)["body"] == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "next week", "", "2026-13-45", "٢٠٢٦-٠١-٠١"])
async def test_odd_dates_are_kept_or_left_out_or_rejected_with_a_word(opened: Opened, text: str) -> None:
    stores = [
        issue(1, "Field", project=project_values(due="2027-07-07")),
        issue(2, "Iteration", project=project_values(iteration=("S", "2027-07-07", 14))),
        issue(3, "Milestone", milestone=milestone(1, "M", due_on="2027-07-07")),
        issue(4, "Closed", state="closed", closed_at="2027-07-07"),
        issue(5, "Fine"),
    ]
    host = GitHubHost({STORES: stores}, {"acme/12": project("Plan", [STORES])}, token="t")
    host.splices = {b"2027-07-07": text.encode()}
    (page,) = await opened(host, all_pages, project="acme/12", epics="milestone")
    read, rejected = set(native_ids([page])), {one.key.rpartition("#")[2] for one in page.rejected}
    assert "5" in read
    assert {"1", "2", "3", "4"} <= read | rejected
    assert all(one.reason for one in page.rejected)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_moments_at_the_ends_of_the_calendar_stop_no_read(opened: Opened, moment: str) -> None:
    host = GitHubHost(
        {STORES: [issue(1, "Odd", created_at=moment, updated_at=moment, closed_at=moment), issue(2, "Fine")]},
        token="t",
    )

    async def use(connector: GitHub) -> tuple[list[Page], list[Page]]:
        pages = await all_pages(connector)
        return pages, await all_pages(connector, pages[-1].checkpoint)

    pages, later = await opened(host, use)
    assert "2" in native_ids(pages)
    assert not later[-1].rejected


async def test_a_huge_description_and_thousands_of_links_are_read(opened: Opened) -> None:
    body = "Blocked by:\n" + "\n".join(f"- #{n}" for n in range(10, 2010)) + "\n" + "x" * 100_000
    host = hosting(b"", body=body)
    (page,) = await opened(host, all_pages)
    (one,) = [one for one in page.items if one.native_id == "2"]
    assert len(one.links) == 2000


def test_what_ends_too_early_is_asked_again() -> None:
    whole = orjson.dumps({"data": {"repository": {"issues": {"nodes": [{"title": 'a "b" [c'}]}}}})
    for end in range(1, len(whole)):
        with pytest.raises(Retry):
            decode(Answer(200, {}, whole[:end]))


def test_a_web_page_is_no_answer() -> None:
    with pytest.raises(SourceError, match="web page"):
        decode(Answer(200, {}, b"\n <!DOCTYPE html>"))


def test_depth_within_reason_stays_and_text_is_no_depth() -> None:
    within = b'{"a":' + b"[" * (DEEPEST - 1) + b"]" * (DEEPEST - 1) + b',"b":"[[[{{{\\""}'
    assert without_depths(within) == within
    assert decode_leniently(within) == json.loads(within)


def test_a_number_of_nineteen_digits_is_kept_and_one_beyond_64_bits_is_not() -> None:
    kept = decode_leniently(b'{"title":"x","number":1,"a":9223372036854775807,"b":[NaN]}')
    assert kept["unreadable"] == "NaN is no number"
    assert decode_leniently(b'{"a":9223372036854775807}') == {"a": 2**63 - 1}
    assert "digits" in decode_leniently(b'{"title":"x","number":1,"a":92233720368547758070}')["unreadable"]


async def test_an_answer_of_another_shape_is_an_error(opened: Opened) -> None:
    host = host_of(splices={b'{"data":': b'["data",'})
    with pytest.raises(SourceError):
        await opened(host, lambda connector: connector.probe())
