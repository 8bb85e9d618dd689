"""A real Chromium with an empty profile, which keeps what its page complains of."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
IS_REQUIRED = "chromium" in os.environ.get("ATTUNE_TEST_REQUIRE", "").split(",")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not IS_REQUIRED, reason="no Chromium is installed here"
)
"""Where it is required, its absence fails the tests instead of skipping them."""

_QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Browser:
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)  # errors of scripts and of the page's policy

    def open(self, url: str) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)
        return page


@contextmanager
def browsing(profile: Path) -> Iterator[Browser]:
    """Failing where Chromium is required and absent."""
    assert CHROMIUM, "Chromium is required here (ATTUNE_TEST_REQUIRE) and not installed"
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=CHROMIUM, args=_QUIET, headless=True
        )
        try:
            yield Browser(context)
        finally:
            context.close()
