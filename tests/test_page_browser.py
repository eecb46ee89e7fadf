"""The page in a real browser: first screen, heights, what if, print, nothing cut, no complaint."""

from __future__ import annotations

import functools
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from browser import Tab, faults, needs_chromium, shown, tab
from corpus import history
from made import archive, runs
from made_pages import PAGES, page_of, sample

from loadmon.athlete import Athlete
from loadmon.diary import DIARY_COLUMNS, load_diary
from loadmon.report.first_screen import days_ahead, what_if
from loadmon.report.overview import overview
from loadmon.report.wording import SECTION_WORDS, TAB_WORDS
from loadmon.rules.engine import check, today

pytestmark = [needs_chromium, pytest.mark.once]
WIDTHS = (390, 800, 1280)
HISTORIES = ("athlete_a", "athlete_b", "athlete_c", "athlete_d")
CASES = ("sample", *HISTORIES, "old", "silent", "one run", "rides", "hurt", "ten years")
#: Cases that hold every part of a page between them, in each of its forms.
FORMS = ("sample", "athlete_a", "athlete_c", "silent", "rides", "hurt")
#: Widest thing that a reader would have to scroll to, outside the boxes that scroll by themselves.
RIGHT = """Math.ceil(Math.max(...[...document.querySelectorAll("body *")]
  .filter(e => !e.parentElement.closest(".scroll, svg, .hidden") && !e.matches(".hidden"))
  .map(e => e.getBoundingClientRect().right)))"""
#: Words that are read, letters in them, outside pictures and lists to choose from.
WORDS = """(() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    const node = walk.currentNode, box = node.parentElement;
    if (box.closest("svg, option, script, .hidden") || !box.checkVisibility()) continue;
    found.push(...node.textContent.split(/\\s+/).filter(word => /[a-z]/i.test(word)));
  }
  return found.length;
})()"""
#: Words of a picture that lie over each other, or that nothing parts.
OVERLAPS = """[...document.querySelectorAll("main svg, header svg")]
  .filter(svg => svg.checkVisibility() && svg.getBoundingClientRect().width).flatMap(svg => {
    const words = [...svg.querySelectorAll("text")]
      .map(t => [t.textContent, t.getBoundingClientRect()]);
    return words.flatMap(([a, p], i) => words.slice(i + 1).filter(([, q]) =>
      Math.min(p.right, q.right) - Math.max(p.left, q.left) > (/[0-9]\\+/.test(a) ? 3 : -2)
      && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 4).map(([b]) => [a, b]));
  })"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("browser")) as made:
        yield made


@functools.cache
def html_of(name: str) -> str:
    """Page of a case; the test is skipped where the corpus is absent."""
    if name in PAGES:
        return PAGES[name]()
    if name == "old":
        return page_of(overview(history("athlete_a"), title="athlete_a", as_of="2026-11-01"))
    return page_of(overview(history(name), title=name))


@pytest.fixture(params=CASES)
def page(request: pytest.FixtureRequest, browser: Tab) -> Tab:
    browser.screen(1280)
    shown(browser, html_of(request.param), request.param)
    return browser


def test_every_part_is_there_and_every_tab_leads_to_one(browser: Tab) -> None:
    browser.screen(1280)
    shown(browser, PAGES["hurt"](), "parts")
    for key, title in SECTION_WORDS.items():
        assert browser.value(f"document.querySelector('#{key} h2').textContent") == title
    told = browser.value("[...document.querySelectorAll('nav a')].map(a => [a.hash, a.innerText])")
    assert told == [[f"#{key}", name] for key, name in TAB_WORDS.items()]
    browser.value("scrollTo(0, 2000)")
    assert browser.value("document.querySelector('nav').getBoundingClientRect().top") == 0


def test_the_first_picture_begins_early_and_nothing_is_cut_or_lies_over_another(page: Tab) -> None:
    for width, dark in itertools.product(WIDTHS, (False, True)):
        page.screen(width, dark=dark)
        top = "(f => f ? f.getBoundingClientRect().top : 0)(document.querySelector('figure'))"
        assert page.value(top) <= (700 if width == 390 else 420)
        assert page.value("document.documentElement.scrollWidth") <= width
        assert 0 < page.value(RIGHT) <= width
        assert page.value(OVERLAPS) == []
        one = """[...document.querySelectorAll("main figure, header figure")]
          .filter(f => f.checkVisibility()).every(f => [...f.querySelectorAll("svg")]
          .filter(s => s.getBoundingClientRect().width).length === 1)"""
        assert page.value(one)
    assert page.complaints() == []
    assert [address.rpartition("/")[2] for address in page.requests()] == [
        page.value("location.pathname").rpartition("/")[2]
    ]


def test_the_accessibility_checker_finds_no_fault(page: Tab) -> None:
    assert faults(page) == []
    page.value("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert faults(page) == []


@pytest.mark.parametrize("page", FORMS, indirect=True)
def test_the_accessibility_checker_finds_no_fault_on_a_phone_at_night(page: Tab) -> None:
    page.screen(390, dark=True)
    page.value("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert faults(page) == []


def test_on_a_phone_no_table_is_cut_even_where_all_is_open(page: Tab) -> None:
    page.screen(390)
    page.value("document.querySelectorAll('details').forEach(d => d.open = true)")
    cut = """[...document.querySelectorAll(".scroll")]
      .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)"""
    assert page.value(cut) == []


def test_the_closed_page_of_the_sample_is_short(browser: Tab) -> None:
    browser.screen(1280)
    shown(browser, PAGES["sample"](), "short")
    assert browser.value("document.documentElement.scrollHeight") < 4000
    assert 300 < browser.value(WORDS) < 900
    browser.screen(390)
    marks = "document.querySelectorAll('.hero .at-narrow circle').length"
    made = sample()[0]
    recent = made.spikes[made.spikes["date"] > made.as_of - pd.Timedelta(weeks=4)]
    assert browser.value(marks) == len(recent)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_is_drawn_stands_out_from_its_ground(browser: Tab, dark: bool) -> None:
    browser.screen(1280, dark=dark)
    shown(browser, PAGES["sample"](), "contrast")
    names = ("ground", "run", "flag", "pain", "soft", "text")
    read = "getComputedStyle(document.documentElement).getPropertyValue('--{}').trim()"
    colours = {name: browser.value(read.format(name)) for name in names}
    ground = luminance(colours.pop("ground"))
    for name, colour in colours.items():
        light, low = sorted((luminance(colour), ground), reverse=True)
        assert (light + 0.05) / (low + 0.05) >= 4.5, name


def luminance(colour: str) -> float:
    """Relative luminance, as the guidelines for accessible pages define it."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = np.array([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


# What if.


def some_history(rng: np.random.Generator) -> list[float]:
    """Days of a runner: with rests, lay-offs, alike weeks."""
    n = int(rng.integers(30, 120))
    loads = np.where(rng.random(n) < rng.uniform(0.25, 0.85), np.round(rng.uniform(2, 12, n), 1), 0)
    if rng.random() < 0.3:
        loads[-30:-4] = 0
    if rng.random() < 0.3:
        loads[-8:] = 5.0
    loads[0] = loads[-1] = 5.0
    return [float(x) for x in loads]


@pytest.mark.slow
def test_what_if_is_what_today_and_check_say(browser: Tab) -> None:
    """80 random days and distances: as `today` tells them, and as `check` flags them then."""
    browser.screen(1280)
    shown(browser, PAGES["sample"](), "what if")
    rng, n_above, n_within = np.random.default_rng(22), 0, 0
    for _ in range(8):
        loads = some_history(rng)
        made = archive(runs(loads))
        there = overview(made, title="x")
        days = json.loads(what_if(there, days_ahead(there)))["days"]
        last = pd.Timestamp("2026-01-01") + pd.Timedelta(days=len(loads) - 1)
        kms = [round(float(km), 1) for km in rng.uniform(0.3, 20, 10)]
        ahead = today(made, distances_km=kms[:2], days_ahead=7).what_if
        for km in kms:
            day = int(rng.integers(7))
            asked = pd.Timestamp(days[day]["date"])
            told = browser.value(f"loadmonPage.verdict({json.dumps(days[day]['limits'])}, {km})")
            over = ",".join(one["key"] for one in told["over"])
            for row in ahead[(ahead["date"] == asked) & (ahead["distance_km"] == km)].itertuples():
                assert (told["verdict"], over) == (row.verdict, row.above), (loads, asked, km)
            gap = [0.0] * ((asked - last).days - 1)
            found = check(archive(runs([*loads, *gap, km]))).to_frame().set_index("check")
            if told["verdict"] == "within":
                n_within += 1
                for name in ("session_spike", "return", "weekly_change", "acwr"):
                    on_day = found.loc[name, "date"] == asked
                    assert not (found.loc[name, "verdict"] == "flagged" and on_day), (name, km)
            for one in told["over"]:
                n_above += 1
                # a limit that leaves an event out is lower than what a check compares with
                if "event" not in one["why"]:
                    assert found.loc[one["key"], "verdict"] == "flagged", (loads, asked, km, one)
    assert n_above > 16
    assert n_within > 8


def test_what_if_is_answered_as_it_is_typed_and_never_with_more_than_it_knows(
    browser: Tab,
) -> None:
    browser.screen(1280)
    shown(browser, PAGES["sample"](), "typed")
    assert asked(browser, "4.8", 0).startswith("No rule here would flag it.")
    assert "not the same as fine" in asked(browser, "4.8", 0)
    above = asked(browser, "4.9", 0)
    assert above.startswith("Over a limit: Weekly load change (up to 4.8 km: 34.1 km in these 7")
    event = asked(browser, "12", 3)
    assert event.startswith("Over a limit: Longest single run (up to 11.1 km: ")
    assert "14.2 km was an event, no base yet" in event
    assert asked(browser, "-3", 0) == "That is no distance of a run."
    assert asked(browser, "", 0) == ""
    browser.screen(390)
    shown(browser, PAGES["hurt"](), "hurt")
    assert "any run: " in asked(browser, "1", 2)
    shown(browser, PAGES["rides"](), "rides")
    assert asked(browser, "3", 1).startswith("Not known: ")


def asked(browser: Tab, km: str, day: int) -> str:
    """Answer of the page to a distance on one of the days."""
    browser.value(
        f"""document.getElementById('what-if-day').value = '{day}';
        (box => {{box.value = '{km}'; box.dispatchEvent(new Event('input', {{bubbles: true}}))}})
        (document.getElementById('what-if-km'))"""
    )
    answer: str = browser.value("document.getElementById('what-if-answer').textContent")
    return answer


# Hover, touch, keyboard; words on tap; the diary; links to what is folded.


def test_marks_tell_their_words_to_keyboard_and_touch(browser: Tab) -> None:
    browser.screen(1280)
    shown(browser, PAGES["sample"](), "marks")
    tip = "document.querySelector('.hero .tip').textContent"
    browser.value("document.querySelector('.hero .picture').focus()")
    browser.press("ArrowRight")
    first = browser.value(tip)
    browser.press("ArrowRight")
    assert re.match(r"\w{3} \d+ Aug: \d+\.\d km", first)
    assert browser.value(tip) != first
    browser.press("End")
    assert browser.value(tip) == "Sun 18 Oct: nothing is flagged up to 11.1 km"
    at = browser.value("""(b => ({x: b.x + b.width / 2, y: b.y + b.height / 2}))(
      document.querySelector(".hero .at-wide circle.flag").getBoundingClientRect())""")
    browser.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[at])
    browser.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    assert browser.value(tip).startswith("Sun 11 Oct: 14.2 km, longest of the 30 days before 10.1")
    assert browser.value(tip).endswith(", flagged")


def test_a_word_says_on_tap_what_it_means(browser: Tab) -> None:
    browser.screen(390)
    shown(browser, PAGES["sample"](), "tap")
    meaning = "document.getElementById('chip-acwr')"
    assert not browser.value(f"{meaning}.checkVisibility()")
    browser.value("document.querySelector('[popovertarget=chip-acwr]').click()")
    assert browser.value(f"{meaning}.checkVisibility()")
    assert "over the mean week of the last 28" in browser.value(f"{meaning}.innerText")
    browser.press("Escape")
    assert not browser.value(f"{meaning}.checkVisibility()")


def test_a_link_opens_what_is_folded(browser: Tab) -> None:
    browser.screen(1280)
    shown(browser, PAGES["sample"](), "links")
    part = "document.querySelector('#stands-out article')"
    assert not browser.value(f"{part}.checkVisibility()")
    browser.value("document.querySelector('.why a').click()")
    browser.wait(lambda: browser.value(f"{part}.checkVisibility()"))
    assert "doi:10.1136/bjsports-2024-109380" in browser.value(f"{part}.innerText")


def test_what_is_typed_becomes_a_line_of_the_diary_and_goes_nowhere(browser: Tab) -> None:
    browser.screen(1280)
    shown(browser, PAGES["sample"](), "diary")
    browser.value("document.querySelector('.log').open = true")
    line = "document.getElementById('log-line').textContent"
    typed = {"date": "2026-10-12", "rpe": "6"}
    fill(browser, typed)
    assert browser.value(line) == "2026-10-12,,,,6,,,"
    fill(browser, {"pain": "2", "when": "next-morning", "site": "back"})
    assert browser.value(line) == "2026-10-12,next-morning,2,back,6,,,"
    browser.value("document.getElementById('log-save').click()")
    saved = browser.folder / "diary.csv"
    browser.wait(lambda: saved.exists() and saved.stat().st_size)
    entry = load_diary(saved).iloc[0]
    assert (entry["pain"], entry["rpe"], entry["site"]) == (2.0, 6.0, "back")
    assert saved.read_text(encoding="utf-8").splitlines()[0] == ",".join(DIARY_COLUMNS)
    saved.unlink()
    fill(browser, {"pain": "", "rpe": ""})
    assert browser.value(line) == ""
    told = [address for address in browser.requests() if not address.startswith("blob:")]
    assert len(told) == 1
    assert browser.complaints() == []


def fill(browser: Tab, values: dict[str, str]) -> None:
    for name, value in values.items():
        browser.value(
            f"""(box => {{box.value = {json.dumps(value)};
            box.dispatchEvent(new Event('input', {{bubbles: true}}))}})
            (document.getElementById('log-{name}'))"""
        )


def test_the_plan_that_is_set_stands_on_the_sheet_when_it_is_printed(browser: Tab) -> None:
    browser.screen(1280)
    shown(browser, PAGES["sample"](), "plan on paper")
    box = "document.getElementById('sheet-plan').textContent"
    browser.value("dispatchEvent(new Event('beforeprint'))")
    told = browser.value(box)
    assert told.startswith(browser.value("document.getElementById('plan-answer').textContent"))
    number = browser.value("document.querySelector('#plan-weeks th').textContent")
    assert int(number) >= 1  # a return that goes on counts its weeks from its own beginning
    assert f"\nWeek {number}, 12 Oct: " in told


def test_pain_on_a_day_is_seen_in_the_calendar_and_days_without_an_entry_are_no_zero(
    browser: Tab,
) -> None:
    made = sample()[0].archive
    diary = made.athlete.diary.reindex(range(1)).assign(
        date=[pd.Timestamp("2026-10-09")],
        pain=[4.0],
        site="knee",
        when="during",
        **dict.fromkeys(("strength", "note", "break"), ""),
    )
    hurt = replace(made, athlete=Athlete(diary=diary))
    browser.screen(1280)
    shown(browser, page_of(overview(hurt, title="x", as_of="2026-10-11")), "knee")
    days = browser.value("[...document.querySelectorAll('.pain-days b')].map(b => b.textContent)")
    assert days == ["–", "–", "–", "–", "4", "–", "–"]
    tips = "[...document.querySelectorAll('#calendar .at-wide [data-tip]')].map(m => m.dataset.tip)"
    ran = made.activities.loc[made.activities["date"] == "2026-10-09", "distance_km"].sum()
    assert f"Fri 9 Oct: run of {ran:.1f} km, pain 4 of 10" in browser.value(tips)
    assert browser.value("document.querySelectorAll('#calendar .at-wide .pain').length") == 1
