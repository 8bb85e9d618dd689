"""The page in a real browser, over a running server."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from connectors.item import Link
from tests.support import shop
from tests.support.browser import Browser, browsing, needs_chromium
from tests.support.running import running

VIEWS = {
    "conflicts": "ONL-2 (Online) needs BO-2 (Back office) by Mon 16 Mar 2026",
    "backlog": "Voucher field at the checkout",
    "dod": "Test coverage at least 60%",
    "teams": "Noor",
    "sources": "online-jira",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, filled: Path) -> Path:
    """In it one item waits for what no source reads."""
    made = shop.copy(filled, tmp_path_factory.mktemp("page"))
    adding = threading.Thread(target=lambda: asyncio.run(wait_for_outsiders(made)))
    adding.start()
    adding.join()
    return made


async def wait_for_outsiders(folder: Path) -> None:
    async with shop.opened(folder) as context:
        outside = Link("blocked-by", "github:acme/tools#7", "text", "wait for")
        await shop.update(context, "online-jira", 4, links=(outside,))


@pytest.fixture(scope="module")
def base_url(folder: Path) -> Iterator[str]:
    with running(folder, open_access=True) as found:
        yield found


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def browser(profile: Browser) -> Iterator[Browser]:
    """Every test ends without anything on the console."""
    profile.complaints.clear()
    yield profile
    for page in profile.context.pages[1:]:
        page.close()
    assert profile.complaints == []


def view(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link").nth(list(VIEWS).index(name)).click()


@needs_chromium
@pytest.mark.parametrize("name", VIEWS)
def test_every_view_opens_by_its_address_and_shows_the_plan(
    browser: Browser, base_url: str, name: str
) -> None:
    page = browser.open(f"{base_url}/#{name}")
    expect(page.locator("main")).to_contain_text(VIEWS[name])
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("nav a[aria-current=page]")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("3 sources up to date")


@needs_chromium
def test_one_goes_from_view_to_view_and_back(browser: Browser, base_url: str) -> None:
    page = browser.open(base_url)
    for name, text in VIEWS.items():
        view(page, name)
        expect(page.locator("main")).to_contain_text(text)
        expect(page).to_have_url(f"{base_url}/#{name}")
    page.go_back()
    expect(page.locator("main")).to_contain_text(VIEWS["teams"])


@needs_chromium
def test_a_conflict_says_who_talks_to_whom_and_who_decides(browser: Browser, base_url: str) -> None:
    page = browser.open(base_url)
    card = page.locator("li.card", has_text="9 days too late")
    expect(card).to_contain_text("Talk to Noor and Bas; decided by Chief")
    expect(page.locator("li.card")).to_have_count(6)


@needs_chromium
def test_titles_that_are_code_stay_text(browser: Browser, base_url: str) -> None:
    page = browser.open(f"{base_url}/#backlog")
    cell = page.locator("td", has_text="<img src=x onerror=")
    expect(cell).to_contain_text(shop.HOSTILE[:20])
    assert cell.locator("bdi").evaluate("one => one.textContent") == shop.HOSTILE
    assert page.locator("main img, main script, main b").count() == 0
    assert page.title() == "Backlog · attune"


@needs_chromium
@pytest.mark.parametrize(("days", "marks"), [(0, 0), (180, 1)])
def test_items_that_nobody_touched_for_180_days_are_marked_stale(
    browser: Browser, folder: Path, days: int, marks: int
) -> None:
    later = shop.Clock(shop.NOW + days * 86400)
    with running(folder, open_access=True, clock=later) as base_url:
        page = browser.open(f"{base_url}/#backlog")
        row = page.locator("tr", has_text="Voucher field")
        expect(row).to_have_count(1)
        expect(row.get_by_text("stale", exact=True)).to_have_count(marks)


@needs_chromium
def test_sources_say_what_to_know_of_them_and_what_none_of_them_reads(
    browser: Browser, base_url: str
) -> None:
    page = browser.open(f"{base_url}/#sources")
    row = page.locator("table").first.locator("tr", has_text="online-jira")
    expect(row).to_contain_text("Records that could not be read: 1; the first: ONL-99, its title is missing.")
    outside = page.get_by_role("table", name="Open items wait for these, and no source reads them")
    expect(outside.locator("tbody tr")).to_have_count(1)
    expect(outside).to_contain_text("acme/tools")
    expect(outside).to_contain_text("ONL-4")
    expect(outside.locator("code")).to_have_text(
        '- {key: tools, type: github, repository: acme/tools, team: …, auth: {token: "${TOOLS_TOKEN}"}}'
    )


@needs_chromium
def test_the_page_is_used_with_the_keyboard_alone(browser: Browser, base_url: str) -> None:
    page = browser.open(base_url)
    expect(page.locator("li.card")).to_have_count(6)
    focused = []
    for _ in range(8):
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.textContent"))
        if focused[-1] == "Backlog":
            break
    assert focused[-1] == "Backlog", focused
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(VIEWS["backlog"])
    expect(page.locator("main")).to_be_focused()


@needs_chromium
def test_nothing_but_our_own_files_may_run(browser: Browser, base_url: str) -> None:
    page = browser.open(base_url)
    expect(page.locator("li.card")).to_have_count(6)
    page.evaluate("document.body.innerHTML += '<img src=x onerror=window.ran=1>'")
    page.evaluate("document.body.append(document.createElement('script'))")
    page.evaluate("document.body.lastChild.textContent = 'window.ran = 2'")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert browser.complaints
    browser.complaints.clear()


@needs_chromium
def test_without_a_token_the_page_asks_for_one_and_goes_on(folder: Path, profile: Browser) -> None:
    with running(folder) as base_url:
        page = profile.open(base_url)
        dialog = page.get_by_role("dialog", name="Your access token")
        expect(dialog).to_be_visible()
        dialog.get_by_label("Token").fill("att_wrong")
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        dialog.get_by_label("Token").fill(shop.ADMIN)
        dialog.get_by_role("button").click()
        expect(dialog).to_be_hidden()
        expect(page.locator("li.card")).to_have_count(6)
        assert shop.ADMIN not in page.content()
        page.close()
    assert all("401" in one for one in profile.complaints), profile.complaints


FILES = {
    "/": "text/html; charset=utf-8",
    "/app.js": "text/javascript; charset=utf-8",
    "/views/backlog.js": "text/javascript; charset=utf-8",
    "/style.css": "text/css; charset=utf-8",
    "/icon.svg": "image/svg+xml",
}


@pytest.mark.parametrize("path", FILES)
def test_the_pages_files_need_no_token_and_carry_its_policy(base_url: str, path: str) -> None:
    answer = httpx.get(base_url + path, headers={"host": "attune.example"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, FILES[path])
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-cache"
    again = httpx.get(base_url + path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code in (200, 304)
