"""Plans that somebody edited: every cell is understood, or refused by its row and column."""

from __future__ import annotations

import re
import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made import archive, runs

import loadmon
from loadmon.cli.main import main
from loadmon.errors import FrameError, SettingError
from loadmon.ramp.edited import checked_plan, read_plan
from loadmon.ramp.screening import STOP_TEXT
from loadmon.report.wording import with_path
from loadmon.rules.limits import Cap, Limits
from loadmon.text import csv_text

pytestmark = pytest.mark.usefixtures("quick_commands")

WEEK = [8.0, 0, 8.0, 0, 0, 14.0, 0]
HISTORY = archive(runs(WEEK * 10, first="2026-01-05"), rested_until="2027-01-01")
RESUME = pd.Timestamp("2026-04-20")
RAMP = loadmon.plan_ramp(HISTORY, resume=RESUME, target_km=20, easy_pace="7:00")
CSV = csv_text(RAMP.plan)


def again(text: str) -> pd.DataFrame:
    """What a person gets who reads the CSV of a plan."""
    return pd.read_csv(StringIO(text))


def found(plan: pd.DataFrame, limits: Limits | None = None) -> list[tuple[str, str]]:
    violations = loadmon.verify_ramp(HISTORY, plan, limits)
    return [
        (f"{day:%m-%d}", name)
        for day, name in zip(violations["date"], violations["limit"], strict=True)
    ]


def changed(row: int, column: str, cell: object) -> pd.DataFrame:
    """The plan as text, with one cell of a row, counted from 1, written otherwise."""
    plan = pd.read_csv(StringIO(CSV), dtype="object", keep_default_na=False)
    plan.loc[row - 1, column] = cell
    return plan


def test_a_plan_that_was_written_as_csv_holds_as_it_did() -> None:
    assert found(again(CSV)) == []
    assert found(again(CSV)[["date", "distance_km"]]) == []
    assert found(again(CSV).assign(mine="felt fine")) == []
    assert loadmon.verify_ramp(HISTORY, RAMP.plan).empty


def test_without_limits_those_of_the_steady_pace_and_of_the_athlete_bind() -> None:
    plan = RAMP.plan.assign(distance_km=RAMP.plan["distance_km"] * 1.06)
    steady = loadmon.verify_ramp(HISTORY, plan, loadmon.Limits())
    pd.testing.assert_frame_equal(loadmon.verify_ramp(HISTORY, plan), steady)
    own = archive(HISTORY.activities, rested_until="2027-01-01", limits={"ramp-session.growth": 0})
    strict = loadmon.verify_ramp(own, plan)
    assert len(strict) > len(steady)
    pd.testing.assert_frame_equal(
        strict, loadmon.verify_ramp(HISTORY, plan, {"session_growth": 0.0})
    )
    with pytest.raises(SettingError, match="unknown limit"):
        loadmon.verify_ramp(HISTORY, plan, {"sessions": 1})


def test_a_run_that_somebody_made_longer_or_moved_is_found_on_its_day() -> None:
    plan = again(CSV)
    third = plan.index[plan["distance_km"] > 0][2]
    longer = plan.assign(distance_km=plan["distance_km"].where(plan.index != third, 9.0))
    assert (plan["date"][third][5:], "session") in found(longer)
    after = int(plan.index[plan["distance_km"] > 0][1]) + 1  # the day after the second run
    moved = plan.copy()
    moved.loc[[after, third], "date"] = plan.loc[[third, after], "date"].to_numpy()
    assert found(moved) == [(plan["date"][after][5:], "run_days")]


def test_the_order_of_rows_has_no_say() -> None:
    plan = again(CSV)
    worse = plan.assign(distance_km=plan["distance_km"] * 1.3)
    assert found(plan.iloc[::-1]) == []
    assert found(worse.sample(frac=1, random_state=3)) == found(worse) != []
    assert found(RAMP.plan.iloc[::-1]) == []


@pytest.mark.parametrize(
    "dates",
    [
        lambda days: days.dt.strftime("%Y-%m-%d"),
        lambda days: days.dt.strftime(" %Y-%m-%d 00:00:00 "),
        lambda days: days.dt.date.astype("object"),
        lambda days: days.astype("datetime64[ns]"),
        lambda days: days.astype("object"),
        lambda days: pd.Series([d.to_datetime64() for d in days], dtype="object"),
    ],
)
def test_days_may_be_text_or_days_of_any_kind(dates) -> None:  # type: ignore[no-untyped-def]
    plan = RAMP.plan.assign(date=dates(RAMP.plan["date"]))
    before = plan.copy()
    assert found(plan) == []
    pd.testing.assert_frame_equal(plan, before)
    days = checked_plan(plan)["date"]
    pd.testing.assert_series_equal(days, RAMP.plan["date"])


def test_miles_are_understood_by_their_column() -> None:
    miles = RAMP.plan.assign(distance_mi=RAMP.plan["distance_km"] / 1.609344)
    assert found(miles.drop(columns="distance_km")) == []
    longer = miles.assign(distance_mi=miles["distance_mi"] * 1.3).drop(columns="distance_km")
    assert found(longer) == found(RAMP.plan.assign(distance_km=RAMP.plan["distance_km"] * 1.3))
    with pytest.raises(FrameError, match="distance_km and distance_mi; leave one out"):
        found(miles)


DAY_3 = r"plan row 3 \(2026-04-22\), "


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("distance_km", "4,1", DAY_3 + "distance_km: '4,1' is not a number; .* with a point"),
        ("distance_km", "", DAY_3 + "distance_km: empty; write 0 on a day without a run"),
        ("distance_km", None, DAY_3 + "distance_km: empty"),
        ("distance_km", "about 5", DAY_3 + "distance_km: 'about 5' is not a number"),
        ("distance_km", "٤", DAY_3 + "distance_km: '٤' is not a number"),
        ("distance_km", "nan", DAY_3 + "distance_km: 'nan' is not a number"),
        ("distance_km", "inf", DAY_3 + "distance_km: 'inf' is not a number"),
        ("distance_km", float("inf"), DAY_3 + "distance_km: inf is not a number"),
        ("distance_km", True, DAY_3 + "distance_km: True is not a number"),
        ("distance_km", [4.1], DAY_3 + r"distance_km: \[4.1\] is not a number"),
        ("run_min", "2:00", DAY_3 + "run_min: '2:00' is not a number"),
        ("repeats", "-3", DAY_3 + "repeats: -3 is less than 0"),
        ("duration_min", -30, DAY_3 + "duration_min: -30 is less than 0"),
        ("week", "one", DAY_3 + "week: 'one' is not a number"),
        ("week", "7", r"plan row 4 \(2026-04-23\), week: 1 after a later one"),
        ("week", "2", r"plan row 4 \(2026-04-23\), week: 1 after a later one"),
        ("date", "", "plan row 3, date: empty"),
        ("date", None, "plan row 3, date: empty"),
        ("date", pd.NaT, "plan row 3, date: empty"),
        ("date", "22.04.2026", r"plan row 3, date: '22.04.2026' is not a day; write it as 2026"),
        ("date", "22/04/2026", "plan row 3, date: '22/04/2026' is not a day"),
        ("date", "2026-02-30", "plan row 3, date: '2026-02-30' is not a day"),
        ("date", "2026-04-22 18:30", "plan row 3, date: '2026-04-22 18:30' is not a day"),
        ("date", 46134, "plan row 3, date: 46134 is not a day"),
        (
            "date",
            pd.Timestamp("2026-04-22 09:00").to_pydatetime(),
            "plan row 3, date: 2026-04-22 09:00:00 must be a whole",
        ),
        ("date", pd.Timestamp("2026-04-22", tz="UTC"), "plan row 3, date: .* without a time zone"),
        ("date", "2026-04-21", r"plan row 3 \(2026-04-21\), date: names 2026-04-21 twice"),
        (
            "date",
            date(2062, 4, 22),
            r"row 3 \(2062-04-22\), date: .* one of the two dates is wrong",
        ),
        ("date", "1926-04-22", r"row 1 .* after 1926-04-22, .* one of the two dates is wrong"),
    ],
)
def test_a_cell_that_cannot_be_understood_is_named(column: str, cell: object, says: str) -> None:
    with pytest.raises(FrameError, match=says):
        found(changed(3, column, cell))


@pytest.mark.parametrize("km", [-2.0, float("nan")])
def test_a_number_that_is_no_distance_breaks_the_plan_on_its_day(km: float) -> None:
    plan = again(CSV)
    plan.loc[2, "distance_km"] = km
    assert ("04-22", "distance") in found(plan)
    assert ("04-22", "distance") in found(changed(3, "distance_km", -2))


def test_cells_that_are_not_needed_may_be_empty() -> None:
    for column in ("week", "kind", "repeats", "run_min", "duration_min", "session", "stage"):
        assert found(changed(3, column, "")) == []
        assert found(again(CSV).drop(columns=column)) == []


def test_weeks_that_are_not_given_for_each_row_are_counted_from_the_first_day() -> None:
    assert "week" not in checked_plan(changed(3, "week", "")).columns
    assert checked_plan(again(CSV))["week"].tolist() == RAMP.plan["week"].tolist()


def test_a_row_without_a_cell_is_none_and_a_day_left_out_has_no_run() -> None:
    blank = changed(2, "date", "")
    blank.loc[1] = ""
    assert found(blank) == []
    with_lines = CSV.replace("\n2026-04-23", "\n,,,,,,,,,,,\n2026-04-23")
    assert with_lines.count("\n") == CSV.count("\n") + 1
    assert found(again(with_lines)) == []
    # rows keep their number
    plan = blank.assign(
        distance_km=blank["distance_km"].replace("", "x").where(blank.index != 1, "")
    )
    plan.loc[2, "distance_km"] = "x"
    with pytest.raises(FrameError, match=DAY_3):
        found(plan)


def test_a_plan_that_begins_before_the_last_recorded_day_is_judged_as_it_was_planned() -> None:
    begun = runs([3.0, 0, 3.0], first="2026-04-20")
    begun["activity_id"] = "begun-" + begun["activity_id"]
    later = archive(
        pd.concat([HISTORY.activities, begun], ignore_index=True),
        rested_until="2027-01-01",
    )
    assert loadmon.verify_ramp(later, again(CSV)).empty


def test_where_no_runs_are_told_the_minutes_of_the_session_meet_a_cap() -> None:
    cap = Limits(caps=(Cap(run_min=30),))
    plan = RAMP.plan.head(7)
    assert found(plan, cap) == []  # 11 x 1:50 min
    told = plan.drop(columns=["repeats", "run_min"])
    longest = plan["duration_min"][plan["distance_km"] > 0].max()
    assert longest > 30
    assert "cap" in {name for _, name in found(told, cap)}
    minutes = checked_plan(told)
    assert minutes["run_min"].notna().tolist() == (plan["distance_km"] > 0).tolist()
    short = told.assign(duration_min=29.0)
    assert found(short, cap) == []
    assert "cap" in {name for _, name in found(short.drop(columns="duration_min"), cap)}  # unknown


def test_what_is_no_table_of_days_is_refused() -> None:
    with pytest.raises(FrameError, match="plan must be a DataFrame"):
        loadmon.verify_ramp(HISTORY, "plan.csv")  # type: ignore[arg-type]
    with pytest.raises(FrameError, match="plan lacks date; "):
        found(RAMP.plan.drop(columns="date"))
    with pytest.raises(FrameError, match="stands twice"):
        found(pd.concat([RAMP.plan, RAMP.plan[["date"]]], axis=1))
    zoned = RAMP.plan.assign(date=RAMP.plan["date"].dt.tz_localize("Europe/Paris"))
    with pytest.raises(FrameError, match=r"plan row 1, date: .* without a time zone"):
        found(zoned)
    assert found(RAMP.plan.iloc[:0]) == []


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "plan.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_file_is_read_as_spreadsheets_write_it(tmp_path: Path) -> None:
    head, *lines = CSV.splitlines()
    assert '"' in CSV  # sessions have commas
    quoted = [re.sub(r'"[^"]*"', "x", line).replace(",", ";") for line in (head, *lines)]
    for text in (CSV, "\ufeff" + CSV, CSV.replace("\n", "\r\n"), "\n".join(quoted), "\n\n" + CSV):
        plan = read_plan(written(tmp_path, text))
        assert found(plan) == []
        assert len(checked_plan(plan)) == len(RAMP.plan)
    short = "date,week,distance_km,mine\n2026-04-20,1,2.0\n"  # the last cell was left out
    assert len(checked_plan(read_plan(written(tmp_path, short)))) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("date,distance_km\n2026-04-20,2,0\n", "line 2: 3 cells, but 2 columns; .* a point"),
        ('date,distance_km\n"2026-04-20,2\n', "line 2: unexpected end of data"),
        (b"PK\x03\x04\x00\x00", "is not a CSV"),
        (b"date,distance_km\n\xff\xfe", "is not text"),
    ],
)
def test_a_file_that_is_no_csv_is_refused(tmp_path: Path, content: str | bytes, says: str) -> None:
    with pytest.raises(SettingError, match=says):
        read_plan(written(tmp_path, content))
    with pytest.raises(SettingError, match="there is no such file"):
        read_plan(tmp_path / "none.csv")


def test_random_edits_are_understood_or_refused() -> None:
    random = np.random.default_rng(19)
    cells = ["", "x", "4,1", "-3", "nan", "1e400", "2026-04-25", "2026-13-01", "0", "7.5", "\x00"]
    columns = list(RAMP.plan.columns)
    understood = refused = 0
    for _ in range(120):
        plan = changed(
            int(random.integers(1, 15)), str(random.choice(columns)), random.choice(cells)
        )
        try:
            loadmon.verify_ramp(HISTORY, plan)
            understood += 1
        except FrameError as error:
            named = re.match(r"plan row \d+( \(\d{4}-\d\d-\d\d\))?, \w+: ", str(error))
            refused += named is not None
    assert understood + refused == 120
    assert min(understood, refused) > 20


SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")
ON = ["--resume", "2026-11-16", "--as-of", "2026-11-15", "--rested"]
MAKE = ["ramp", SAMPLE, *ON, "--run-days", "mon,wed,sat"]


def judged(
    capsys: pytest.CaptureFixture[str], path: Path, *options: str, archive: str = SAMPLE
) -> tuple[int, str, str]:
    code = main(["ramp", archive, "--rested", "--verify", str(path), *options])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def own_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A plan of the sample as the command prints it."""
    assert main([*MAKE, "--format", "csv"]) == 0
    return written(tmp_path, capsys.readouterr().out)


def test_the_command_says_that_a_plan_holds_or_what_it_exceeds(
    own_plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = judged(capsys, own_plan)
    assert code == 0
    words = " ".join(out.split())
    assert "judged by the limits of pace steady, on what is recorded up to Sun 11 Oct" in words
    assert "The plan holds every limit. That is not clearance to run." in out
    assert out.endswith(f"{with_path(STOP_TEXT, SAMPLE)}\n")
    plan = pd.read_csv(own_plan)
    assert plan.loc[5, "date"] == "2026-11-21"
    plan.loc[5, "distance_km"] = 9.0
    plan.to_csv(own_plan, index=False)
    code, out, _ = judged(capsys, own_plan)
    assert code == 0
    assert re.search(r"The plan exceeds \d+ limits? on \d+ days?:", out)
    assert re.search(r"Sat 21 Nov +9\.00 km +\d\.\d\d km +the growth of a single run", out)
    assert "holds" not in out
    out = judged(capsys, own_plan, "--units", "mi")[1]
    assert re.search(r"Sat 21 Nov +5\.59 mi +\d\.\d\d mi +the growth of a single run", out)
    rows = judged(capsys, own_plan, "--format", "csv")
    assert rows[1].splitlines()[1].startswith("2026-11-21,session,9.0,")
    assert STOP_TEXT.splitlines()[0] in rows[2]


def test_a_plan_in_miles_comes_back_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*MAKE, "--format", "csv", "--units", "mi"]) == 0
    path = written(tmp_path, capsys.readouterr().out)
    assert "distance_mi" in path.read_text()
    assert "holds every limit" in judged(capsys, path)[1]


def test_the_pace_and_a_clinicians_limits_judge(
    own_plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text('author = "A. Example, physio"\n[[cap]]\nrun_km = 2.5\n')
    out = judged(capsys, own_plan, "--limits", str(limits))[1]
    assert re.search(r"Mon 16 Nov +3\.00 km or min +2\.50 km or min +a cap that was set", out)
    out = judged(capsys, own_plan, "--pace", "earliest")[1]
    assert "limits of pace earliest" in " ".join(out.split())


def test_pain_in_the_diary_outranks_what_holds(
    own_plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = str(shutil.copy(SAMPLE, tmp_path))
    (tmp_path / "diary.csv").write_text("date,when,pain,site\n2026-11-14,,4,knee\n")
    out = judged(capsys, own_plan, "--as-of", "2026-11-15", archive=export)[1]
    assert "Your diary has pain above 2 of 10 in the last 14 days." in " ".join(out.split())
    assert "Your diary" not in judged(capsys, own_plan, "--as-of", "2026-12-24", archive=export)[1]


def test_a_plan_that_began_before_the_last_run_says_what_it_leaves_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "date,kind,distance_km\n2026-09-07,run,6\n2026-09-09,run,0\n")
    out = " ".join(judged(capsys, path)[1].split())
    assert re.search(r"What was recorded from \w+ \d+ Sep 2026 on has no say in it", out)
    assert "1 day that kind calls a run has 0 km: taken as no run." in out


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("date,distance_km\n2026-11-16,\n", [], r"plan row 1 \(2026-11-16\), distance_km: empty"),
        ('date,distance_km\n2026-11-16,"3,5"\n', [], "row 1 .* '3,5' is not a number"),
        ("date,km\n2026-11-16,3\n", [], "plan lacks distance_km; "),
        ("", [], "plan lacks date, distance_km; "),
        ("date,distance_km\n", [], "there is no run in it"),
        ("date,distance_km\n2026-11-16,0\n", [], "there is no run in it"),
        ("date,distance_km\n2026-11-16,3\n", ["--ics", "x.ics"], "makes none: leave out --ics"),
        ("date,distance_km\n2026-11-16,3\n", ["--resume", "2026-11-16"], "leave out --resume"),
        ("date,distance_km\n2026-11-16,3\n", ["--clinician-agreed"], "leave out --clinician-agr"),
    ],
)
def test_a_plan_that_cannot_be_judged_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str,
    options: list[str],
    says: str,
) -> None:
    code, out, err = judged(capsys, written(tmp_path, content), *options)
    assert code == 2
    assert out == ""
    assert re.search(says, " ".join(err.split()))
    assert not Path("x.ics").exists()


def test_without_a_day_of_return_nothing_is_planned(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ramp", SAMPLE]) == 2
    assert "--resume DATE is missing" in capsys.readouterr().err
