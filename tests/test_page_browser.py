"""The page in a real browser: nothing complains, nothing is asked for, nothing scrolls sideways."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
from browser import Tab, faults, needs_chromium, shown, tab
from corpus import history
from made_pages import PAGES, page_of

from loadmon.report.overview import overview
from loadmon.report.wording import SECTION_WORDS

pytestmark = [needs_chromium, pytest.mark.once]
WIDTHS = (360, 800, 1400)
#: Widest thing that a reader would have to scroll to, outside the boxes that scroll by themselves.
RIGHT = """Math.ceil(Math.max(...[...document.querySelectorAll("body *")]
  .filter(e => !e.parentElement.closest(".scroll, svg"))
  .map(e => e.getBoundingClientRect().right)))"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture(params=["sample", "athlete_a", "silent", "ten years"])
def page(request: pytest.FixtureRequest, browser: Tab) -> Tab:
    name = request.param
    browser.screen(1000)
    shown(browser, athlete_a() if name == "athlete_a" else PAGES[name](), name)
    return browser


@functools.cache
def athlete_a() -> str:
    """Page of a real runner's year; the test is skipped where the corpus is absent."""
    return page_of(overview(history("athlete_a"), title="athlete_a"))


def test_every_section_is_there_and_can_be_reached_from_the_top(page: Tab) -> None:
    for key, title in SECTION_WORDS.items():
        heading = f"document.querySelector('#{key} h2').textContent"
        assert page.value(heading) == title
        assert page.value(f"document.querySelectorAll('nav a[href=\"#{key}\"]').length") == 1


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1400, 900)])
def test_the_first_screen_tells_what_is_flagged_and_why(
    browser: Tab, width: int, height: int
) -> None:
    browser.screen(width, height)
    shown(browser, PAGES["sample"](), "first screen")
    for part in (
        ".answer",
        ".why li:last-child",
        ".glance > :last-child",
        "header > p:last-of-type",
    ):
        seen = f"document.querySelector('{part}').getBoundingClientRect().bottom"
        assert 0 < browser.value(seen) <= height, part
    assert "41 % longer" in browser.value("document.querySelector('.why').textContent")


def test_nothing_complains_and_nothing_is_asked_of_the_network(page: Tab) -> None:
    assert page.complaints() == []
    assert [address.rpartition("/")[2] for address in page.requests()] == [
        page.value("location.pathname").rpartition("/")[2]
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_scrolls_sideways_and_every_picture_is_seen(page: Tab, dark: bool) -> None:
    for width in WIDTHS:
        page.screen(width, dark=dark)
        assert page.value("document.documentElement.scrollWidth") <= width
        assert 0 < page.value(RIGHT) <= width
        seen = """[...document.querySelectorAll("main figure")].filter(f => !f.closest("details"))
          .every(f => [...f.querySelectorAll("svg")].some(s => s.getBoundingClientRect().width))"""
        assert page.value(seen)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_accessibility_checker_finds_no_fault(page: Tab, dark: bool) -> None:
    page.screen(1000, dark=dark)
    page.value("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert faults(page) == []
