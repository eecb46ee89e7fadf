"""The page says what the frames say, asks nothing of the network, and can be read anywhere."""

from __future__ import annotations

import base64
import functools
import hashlib
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from forbidden import FORBIDDEN
from made import activities, archive, runs
from made_pages import (
    MONDAY,
    PAGES,
    STEADY,
    empty,
    hurt,
    of_ten_years,
    page_of,
    sample,
    silent,
    ten_years,
    told,
)

import loadmon
from loadmon.cli.main import COMMANDS
from loadmon.report.captions import sessions_text
from loadmon.report.clinic import clinic_frames
from loadmon.report.first_screen import event
from loadmon.report.overview import GET_HELP, overview
from loadmon.report.page import page_data, render_page
from loadmon.report.sections import calendar_days, pictures
from loadmon.report.wording import NOT_MEDICAL, SECTION_WORDS

#: Parts that every page has: that on low back pain stands where such a pain is logged.
SECTIONS = [words for key, words in SECTION_WORDS.items() if key != "low-back"]
VOID = {"meta", "br", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """Text, headings, tables and attributes of a page; every element must be closed in order."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.tables: list[list[list[str]]] = []
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append((int(tag[1]), ""))
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"style", "script"} & set(self.open):
            return
        self.text.append(data)
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.text))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@functools.cache
def parsed(name: str) -> Page:
    """One of the pages, parsed once; nobody changes it."""
    return Page(PAGES[name]())


every_page = pytest.mark.parametrize("name", PAGES)


def test_the_answer_comes_first_then_why_then_the_rest_in_order() -> None:
    page = Page(sample()[1])
    titles = [text for level, text in page.headings if level == 2]
    cards = ["Last 7 days: 34.1 km in 4 runs, usual 22 km", titles[1]]
    assert titles[: 2 + len(SECTIONS)] == [*cards, *SECTIONS]
    assert titles[1].startswith("Pain, 0 to 10: nothing logged.")
    order = ["Data to Sun 11 Oct 2026", "Sunday's 14.2 km", "41 % longer than any run in the 30"]
    order += ["up to 4.8 km on Monday, 11.1 km from Tuesday, if nothing is run before."]
    order += ["Next 7 days: nothing is", "What if", "Last 7 days", "not flagged:", "not given:"]
    order += ["1 file not read", "Why this is shown.", "5,205 runners", NOT_MEDICAL]
    order += ["1.41 against a limit of 1.10", "Grade B", "doi:10.1136/bjsports-2024-109380"]
    order += ["What it cannot tell."]
    places = [
        page.words.rindex(text) if "Grade B" in text else page.words.index(text)
        for text in order[:13]
    ]
    assert places == sorted(places)
    rest = page.words[page.words.index(SECTION_WORDS["stands-out"]) :]
    places = [rest.index(text) for text in order[13:]]
    assert places == sorted(places)


def test_the_table_of_weeks_is_the_weekly_frame() -> None:
    made, html = sample()
    table = next(t for t in Page(html).tables if t[0][:2] == ["Week from", "Distance"])
    weekly = made.weekly.tail(8).iloc[::-1]
    assert len(table) == 9
    for cells, (start, week) in zip(table[1:], weekly.iterrows(), strict=True):
        assert cells[0].endswith(f"{start.day} {start:%b}")
        shown = [float(cells[i].split()[0]) for i in (1, 3, 4, 5)]
        wanted = week[["distance_km", "longest_km", "runs", "rest_days"]].astype(float)
        np.testing.assert_allclose(shown, wanted, atol=0.05 + 1e-9)
        hours, minutes = cells[6].removesuffix(" h").split(":")
        assert 60 * int(hours) + int(minutes) == round(week["duration_min"])
        assert float(cells[7].removesuffix(" %")) == round(100 * (week["change"] - 1))
        assert float(cells[8]) == round(week["acwr_coupled"], 2)
        assert bool(cells[2]) == bool(week["flags"])


def test_what_changed_is_the_frame() -> None:
    made, html = sample()
    table = next(t for t in Page(html).tables if t[0][0] == "7 days to")
    rows = {cells[0]: cells[1:] for cells in table[1:]}
    blocks = made.changes
    assert rows["Distance"] == [f"{km:.1f} km" for km in blocks["distance_km"]]
    assert rows["Longest run"] == [f"{km:.1f} km" for km in blocks["longest_km"]]
    assert rows["Runs"] == [f"{n:.0f}" for n in blocks["runs"]]
    assert rows["Average heart rate"] == [f"{n:.0f} bpm" for n in blocks["avg_hr_bpm"]]
    assert rows["Climb"] == [f"{n:.0f} m" for n in blocks["elevation_gain_m"]]


def test_the_tables_of_evidence_and_limits_are_the_frames() -> None:
    made, html = sample()
    page = Page(html)
    judged = made.findings.to_frame()
    judged = judged[(judged["source"] != "") & (judged["check"] != "largest_step")]
    table = next(t for t in page.tables if t[0][0] == "Check")[1:]
    assert len(table) == len(judged)
    for cells, finding in zip(table, judged.itertuples(), strict=True):
        assert re.sub(r"\s+", " ", cells[4]).startswith(f"{finding.grade}, source of ")
        assert finding.source in cells[4]
        assert finding.method in cells[4]
        if finding.value == finding.value:
            assert float(cells[2].split()[0]) == pytest.approx(finding.value, abs=0.5)
    # What is past its limit and not flagged says where the reason stands.
    rows = {cells[0]: cells for cells in table}
    assert rows["Longest single run"][1:4] == ["flagged", "1.41", "max 1.10"]
    assert rows["Days without a run"][1:4] == ["nothing flagged", "3 days", "min 2 days"]
    assert rows["Downhill"][1] == "not flagged: why Downhill is past its limit"
    assert rows["Strength training"][1].startswith("not flagged: why")
    told = made.today.every_limit
    days = made.today.ahead["date"].tolist()[1:]  # there was a run on the first
    limits = [t[1:] for t in page.tables if t[0][0] == "Limit"]
    assert len(limits) == len(days) == 7
    for day, rows in zip(days, limits, strict=True):
        assert [c[2] for c in rows] == told.loc[told["date"] == day, "why"].tolist()
    # 1.3 x 29.9 km - 34.1 km = 4.8 km while the week lasts; after that 1.1 x 10.1 km = 11.1 km.
    km = made.today.ahead.set_index("date")["distance_km"]
    assert [f"{x:.1f}" for x in km] == ["4.8"] * 2 + ["11.1"] * 6


def test_every_file_that_could_not_be_used_is_named_with_what_is_wrong() -> None:
    made, html = sample()
    page = Page(html)
    bad = made.files[made.files["outcome"] == "quarantined"]
    table = next(t for t in page.tables if t[0][0] == "File")[1:]
    assert [(c[0], c[2]) for c in table] == [*bad[["file", "detail"]].itertuples(index=False)]
    for outcome, n in made.outcomes.items():
        assert f"{n} {outcome} (" in page.words


def test_many_broken_files_are_counted_not_all_listed() -> None:
    page = Page(page_of(told(runs(STEADY * 5, first=MONDAY), *["quarantined"] * 400)))
    assert "50 of 400" in page.words
    assert len(next(t for t in page.tables if t[0][0] == "File")) == 51


def test_silent_days_ask_and_the_last_recorded_week_answers() -> None:
    page = Page(silent())
    assert "Were they rest, or is the export old?" in page.words
    assert "loadmon report export.zip --rested" in page.words
    assert "--old-export" in page.words
    assert "To Fri 20 Mar 2026: 33 days without a recording" in page.words
    assert "The checks are for the 7 days to Sun 15 Feb 2026" in page.words
    assert "The 12.0 km of Mon 9 Feb 2026 was 2.4 times as long as any run" in page.words
    assert "7 days to Sun 15 Feb: 33.0 km in 4 runs" in page.words
    assert "1 file could not be used." in page.words
    weeks = next(t for t in page.tables if t[0][:2] == ["Week from", "Distance"])
    assert weeks[1][:2] == ["Mon 9 Feb", "33.0 km"]


def test_an_open_question_leaves_no_plan_no_limit_and_one_grey_band_in_each_picture() -> None:
    html = silent()
    page = Page(html)
    assert "There is no plan until it is answered" in page.words
    assert 'id="plans"' not in html
    assert 'id="what-if"' not in html
    assert "Nothing is flagged up to" not in page.words
    # nothing of the 33 days is told as a lay-off, a week of 0 km or a day without a run
    assert "none of 14 days or more" in page.words
    assert not re.search(r"(Feb|Mar)[^;]{0,20}: 0\.0 km", html)
    drawn = [svg for svg in re.findall(r"<svg.*?</svg>", html) if "Mon 16 Feb 2026 to Fri" in svg]
    named = {re.findall(r'aria-label="([^"]*)"', svg)[0] for svg in drawn}
    assert len(named) == 3  # each run, the calendar, the weeks
    assert all(len(re.findall(r'class="unknown"', svg)) == 1 for svg in drawn)
    assert all("33 days" in svg for svg in drawn)


def test_an_old_export_is_told_by_its_dates_and_nothing_is_said_of_the_days_since() -> None:
    made = archive(runs([*STEADY * 8, 12.0], first=MONDAY))
    old = overview(replace(made, old_export_on=pd.Timestamp("2026-05-01")), title="x")
    html = page_of(old)
    assert event(old).strong == "The 12.0 km of Mon 2 Mar 2026"
    assert "Nothing is said about the days since Mon 2 Mar 2026: the export is old." in html
    assert 'id="what-if"' not in html
    assert "Next 7 days" not in html


def test_the_days_of_the_calendar_are_the_daily_frame_and_end_with_the_recordings() -> None:
    made = sample()[0]
    days = calendar_days(made)
    assert len(days) == 26 * 7
    assert days.index[-1] == made.as_of
    status = made.daily["status"].reindex(days.index)
    assert days["kind"].tolist() == status.tolist()
    raised = (made.context.flags[["session_spike", "weekly_change", "acwr"]] == 1).any(axis=1)
    raised = raised.reindex(days.index)
    assert days.index[days["flagged"]].tolist() == raised.index[raised].tolist()
    assert raised.sum() == 2
    lost = runs(STEADY * 6, first=MONDAY, unknown_days=["2026-02-10"])
    days = calendar_days(told(lost, as_of="2026-03-20"))
    assert days.index[-1] == pd.Timestamp("2026-02-13")
    assert days.loc["2026-02-10", "kind"] == "unknown"
    assert (days.loc[:"2026-01-04", "kind"] == "none").all()


def test_what_stands_out_most_is_pain_then_the_best_graded_flag_then_the_largest_step() -> None:
    flagged = told(runs([*STEADY * 8, 12.0], first=MONDAY))
    assert event(flagged).text == (
        "Monday's 12.0 km was 2.4 times as long as any run in the 30 days before (5.0 km)."
    )
    later = told(runs([*STEADY * 8, 12.0, *[0.0] * 6, *STEADY], first=MONDAY))
    assert event(later).check == "largest_step"
    assert event(later).strong == "The 12.0 km of Mon 2 Mar 2026"
    quiet = event(told(runs(STEADY * 8, first=MONDAY)))
    assert quiet.check == ""
    assert quiet.text.startswith("Nothing stands out in the 7 days to ")
    assert event(told(activities([]))).text == "Not known: no check could be made."
    assert event(hurt()).text == (
        "Pain 3 of 10 (back, after a run) on Sun 11 Oct, first noted Wed 26 Aug 2026."
    )


def test_an_unknown_day_makes_the_week_at_least() -> None:
    made = runs(STEADY * 6, first=MONDAY, unknown_days=["2026-02-10"])
    words = Page(page_of(told(made, as_of="2026-02-15"))).words
    assert "Last 7 days: at least 15.0 km in 3 runs" in words


def test_nothing_flagged_is_never_told_as_more() -> None:
    page = Page(page_of(told(runs(STEADY * 8, first=MONDAY), as_of="2026-03-01")))
    assert "Nothing stands out in the 7 days to" in page.words
    assert NOT_MEDICAL in page.words


def test_every_check_that_is_not_known_says_why() -> None:
    made = told(runs([5.0, 0.0, 5.0], first=MONDAY))
    frame = made.findings.to_frame()
    unknown = frame.loc[frame["verdict"] == "unknown", "message"]
    listed = Page(page_of(made)).words.partition(SECTION_WORDS["not-known"])[2]
    assert len(unknown) >= 3
    assert all(message in listed for message in unknown)


def test_a_long_gap_is_asked_about() -> None:
    page = Page(page_of(told(runs([*STEADY * 3, *[0.0] * 21, *STEADY], first=MONDAY))))
    assert "Sat 24 Jan 2026 to Sun 15 Feb 2026. 23 days without any recording" in page.words
    table = next(t for t in page.tables if t[0] == ["From", "To", "Days"])
    assert table[1] == ["Sat 24 Jan 2026", "Sun 15 Feb 2026", "23 days"]


def test_an_empty_archive_has_a_page_that_says_so() -> None:
    page = Page(empty())
    assert "no check could be made." in page.words
    assert "No activity is recorded up to this day." in page.words
    assert "nothing to compare" in page.words
    assert "<svg" not in empty()


@every_page
def test_nothing_is_fetched_and_nothing_runs(name: str) -> None:
    page = parsed(name)
    assert "default-src 'none'" in PAGES[name]()
    assert not {tag for tag, _ in page.tags} & {"link", "img", "iframe", "object", "base"}
    for _, attrs in page.tags:
        for key in ("href", "src", "xlink:href", "action"):
            assert (attrs.get(key) or "#").startswith("#")
        assert not any(key.startswith("on") for key in attrs)
    found, data = scripts(PAGES[name]())
    text, script = PAGES[name](), "".join(found)
    for part in (*found, *data):
        text = text.replace(part, "")
    text = re.sub(r"doi:\S+|sha256-\S+", "", text)
    assert not re.search(r"https?:|//|@import", text)
    assert not re.search(r"fetch|XMLHttp|WebSocket|import\(|eval|Function\(|innerHTML", script)
    targets = re.findall(r"url\(([^)]*)\)", PAGES[name]())
    assert all(target.startswith("#") for target in targets)


def scripts(html: str) -> tuple[list[str], list[str]]:
    """The page's scripts and the data they work on."""
    found = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    data = re.findall(r'<script type="application/json" id="[a-z-]+">(.*?)</script>', html)
    assert html.count("<script") == len(found) + len(data) <= 4
    return found, data


@every_page
def test_no_script_runs_but_those_whose_fingerprints_the_page_names(name: str) -> None:
    found, _ = scripts(PAGES[name]())
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in found]
    named = re.findall(r"script-src ([^\"]*)\"", PAGES[name]())
    assert named == [" ".join(f"'sha256-{digest}'" for digest in digests)]
    assert 1 <= len(found) <= 2


@every_page
def test_every_reference_inside_the_page_has_its_target(name: str) -> None:
    html = PAGES[name]()
    ids = set(re.findall(r'\bid="([^"]*)"', html))
    used = re.findall(r'(?:href="#|popovertarget="|aria-describedby=")([^"]*)"', html)
    assert set(used) <= ids
    assert len(ids) == len(re.findall(r'\bid="', html))
    sections = re.findall(r'<section id="([^"]*)"', html)
    assert len(sections) == len(set(sections))


@every_page
def test_no_page_promises_blames_or_frightens_or_shows_a_raw_value(name: str) -> None:
    words = parsed(name).words
    assert not [p for p in FORBIDDEN if re.search(p, words, flags=re.IGNORECASE)]
    assert not re.search(r"\b(nan|NaT|None|inf|not_set_up|low_base|session_spike)\b", words)


@every_page
def test_help_is_always_open_and_whole(name: str) -> None:
    page = parsed(name)
    for heading, questions in GET_HELP:
        assert heading in page.words
        assert all(question in page.words for question in questions)
    before = PAGES[name]().partition('id="help"')[0]
    assert before.count("<details") == before.count("</details>")


@every_page
def test_the_page_can_be_read_by_a_screen_reader(name: str) -> None:
    page = parsed(name)
    assert page.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all(
        "meta"
    )
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 2  # the report, and the sheet for a physio that takes its place
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    for svg in page.all("svg"):
        assert svg["role"] == "img"
        assert len(svg["aria-label"] or "") > 10
    for attrs in page.all("div"):
        if attrs.get("class") == "scroll":
            assert attrs["tabindex"] == "0"
            assert attrs["aria-label"]
    assert all(attrs["scope"] in ("row", "col") for attrs in page.all("th"))


@pytest.mark.slow
def test_ten_years_with_every_plan_stay_under_a_megabyte() -> None:
    assert len(render_page(page_data(of_ten_years())).encode()) < 1_000_000


def test_the_words_beside_the_pictures_are_the_frames() -> None:
    made, html = sample()
    drawn = pictures(made, clinic_frames(made))
    weeks, sessions, ratio = (drawn[key][0].words for key in ("weeks", "sessions", "load"))
    recent = made.weekly.tail(53)
    assert f"Most: {recent['distance_km'].max():.1f} km" in weeks
    assert f"{(recent['flags'] != '').sum()} weeks of {len(recent)} with a flag" in weeks
    assert f"{(recent['n_known'] < recent['n_days']).sum()} week with a day not known" in weeks
    assert sessions.startswith(f"{len(made.spikes)} runs. ")
    assert "Sun 8 Mar 2026 16.0 km after 10.5 km; " in sessions
    assert sessions.endswith("Sun 11 Oct 2026 14.2 km after 10.1 km.")
    last = loadmon.acwr(made.daily["load"])["acwr"].iloc[-1]
    assert f"Last ratio: {last:.2f} (coupled) on Sun 11 Oct 2026." in ratio
    assert all(text in Page(html).words for text in (weeks, sessions, ratio))


def test_of_many_long_runs_the_last_are_named() -> None:
    walk = activities([("2025-12-06", 5.0, "walking")])  # 30 days before: nothing is new
    made = runs([3.0 * 1.3**n for n in range(9)], first=MONDAY)
    frame = told(pd.concat([walk.assign(activity_id="walk"), made], ignore_index=True)).spikes
    text = sessions_text(frame, {})
    assert "9 runs. 8 flagged" in text
    assert "The last of them: Fri 9 Jan 2026" in text
    assert text.count(" after ") == 5


def test_a_long_outing_in_two_files_is_named_once_with_its_whole_distance() -> None:
    walk = {"date": "2025-12-06", "sport": "walking", "activity_id": "walk"}
    run = {"date": "2026-01-12", "activity_id": "second", "distance_km": 4.0, "duration_min": 24.0}
    run["start_utc"] = pd.Timestamp("2026-01-12 07:40")  # ten minutes after the first ended
    first = run | {"activity_id": "first", "distance_km": 5.0, "duration_min": 30.0}
    first["start_utc"] = pd.Timestamp("2026-01-12 07:00")
    made = activities([walk, {"date": MONDAY, "distance_km": 6.0}, first, run])
    assert sessions_text(told(made).spikes, {}) == (
        "3 runs. 1 flagged as longer than the longest in the 30 days before. They are: "
        "Mon 12 Jan 2026 9.0 km after 6.0 km."
    )


def test_pictures_show_the_last_year_and_the_whole_is_kept_apart() -> None:
    loads = [*[90.0, 0.0, 0.0] * 10, *STEADY * 60]
    made = told(runs(loads, first="2024-01-01"))
    year, whole = pictures(made, clinic_frames(made))["weeks"]
    assert "Most: 15.0 km" in year.words
    assert "of 53 with a flag" in year.words
    assert not any(">200<" in svg for _, svg in year.svgs)
    assert ">200<" in whole.svgs[0][1]
    assert len(pictures(sample()[0], clinic_frames(sample()[0]))["weeks"]) == 1


def test_ten_years_have_a_picture_of_all_weeks() -> None:
    assert 'aria-label="All 523 weeks"' in ten_years()


def test_the_same_overview_gives_the_same_page() -> None:
    made = told(runs([*STEADY * 4, 9.0, 30.0], first=MONDAY))
    assert page_of(made) == PAGES["a month"]()


def test_names_of_files_cannot_become_markup() -> None:
    made = told(runs(STEADY * 5, first=MONDAY), "quarantined")
    made.files.loc[0, ["file", "detail"]] = ["<script>alert(1)</script>.fit", "</td><b>&"]
    html = page_of(made)
    assert "<script>alert" not in html
    assert html.count("</script>") == 4
    assert "<script>alert(1)</script>.fit" in Page(html).words


def test_only_commands_that_exist_are_named() -> None:
    named = set(re.findall(r"loadmon (\w+) ", Page(silent()).words))
    assert named <= {*COMMANDS, "on"}
