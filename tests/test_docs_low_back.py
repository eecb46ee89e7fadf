"""The page on a sore back says what the program does: its numbers, its names, its example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from forbidden import FORBIDDEN
from made import runs
from made_pages import data_of, told

from loadmon.diary import load_diary
from loadmon.evidence import REGISTRY
from loadmon.evidence.clinic import EXERCISES
from loadmon.report.page import _finding
from loadmon.report.sections import sections

TEXT = (Path(__file__).parent.parent / "docs" / "low-back.md").read_text(encoding="utf-8")
PLAIN = re.sub(r"\s+", " ", TEXT)


def number(value: float) -> str:
    return f"{value:g}"


def test_every_entry_that_is_named_exists() -> None:
    named = {
        key
        for group in re.findall(r"\[(`[^]]*`)\]", PLAIN)
        for key in re.findall(r"`([^`]*)`", group)
    }
    assert len(named) > 12
    assert named <= set(REGISTRY)


def test_the_numbers_are_those_of_the_evidence() -> None:
    back, see = REGISTRY["back-and-running"], REGISTRY["referral"]
    form, steady, base = (REGISTRY[k] for k in ("form-deviation", "steady-minute", "form-baseline"))
    trial, life = REGISTRY["running-with-back-pain"], REGISTRY["shoe-life"]
    for text in (
        f"between {back['prevalence_low_pct']} and {back['prevalence_high_pct']} % of runners",
        f"{number(trial['ran'])} adults of 18 to 45",
        f"for {number(trial['weeks'])} weeks while {number(trial['people'] - trial['ran'])} waited",
        f"fell by {number(round(trial['pain_points']))} points of 100",
        f"came to {number(trial['adherence_pct'])} % of the sessions",
        f"had {number(REGISTRY['softer-landing']['lower_pct'])} % fewer injuries in a year",
        f"even within {100 * steady['speed_cv']:g} %, under {100 * steady['grade']:g} % of slope",
        f"the {number(base['days'])} days before",
        f"{100 * form['share']:g} % off your line in at least {number(form['runs'])} runs",
        f"runs of the last {number(form['within_days'])} days",
        f"runs of over {number(REGISTRY['form-drift']['min_minutes'])} minutes",
        f"{number(life['note_km'])} to {number(life['late_km'])} km is a convention",
        f"pain above {number(see['above'])} of 10",
        f"no better after {number(see['no_better_days'] / 7)} weeks",
        f"still there after {number(see['lasting_days'] / 7)} weeks",
        "5 % more steps at the same speed lower the load of the knee, and only 10 % more",
    ):
        assert text in PLAIN, text


def test_the_six_exercises_are_those_of_the_program() -> None:
    assert ", ".join(known.name for known in EXERCISES) in PLAIN


def test_the_example_is_a_diary(tmp_path: Path) -> None:
    (example,) = re.findall(r"```csv\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path / "diary.csv"
    path.write_text(example, encoding="utf-8")
    assert load_diary(path)["pain"].tolist() == [2.0, 3.0]


def test_the_page_keeps_to_the_words() -> None:
    assert not [phrase for phrase in FORBIDDEN if phrase in PLAIN.lower()]


#: Each factor of this page, its checks and its section of the report.
FACTORS = {
    "form": {"form"},
    "strength": {"strength"},
    "shoes": {"shoes"},
    "sessions": {"session_spike", "return", "largest_step"},
    "rest": {"rest", "monotony"},
    "overtraining": {"overtraining"},
    "symptoms": {"symptoms"},
}


@pytest.mark.parametrize("km", [[5.0, 0.0, 0.0] * 2, [5.0, 0.0, 8.0, 0.0, 6.0, 0.0, 0.0] * 20])
def test_every_factor_has_its_check_and_its_section_or_says_what_it_would_need(
    km: list[float],
) -> None:
    made = told(runs(km, first="2026-03-02"))
    frame = made.findings.to_frame()
    silent = frame[frame["verdict"].isin(["unknown", "not_set_up"])]
    assert (silent["message"] != "").all()
    rows = [_finding(row, "km") for row in frame.to_dict("records")]
    data = data_of(made)
    parts = sections(data.overview, data.frames, data.lookback, rows)
    shown = {section.key: section for section in parts}
    for key, checks in FACTORS.items():
        assert {f["check"] for f in shown[key].findings} == checks
        empty = (frame["verdict"] == "not_set_up") & frame["check"].isin(checks)
        assert shown[key].fill or not empty.any()
    assert "low-back" not in shown  # a sore back has its section where one is noted
    assert shown["symptoms"].fill  # which says how to note it
