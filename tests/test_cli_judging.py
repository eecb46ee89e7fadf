"""check, today and lookback as a newcomer types them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from writers import run_fit

from loadmon.cli.main import main
from loadmon.rules.context import json_schema

pytestmark = pytest.mark.usefixtures("quick_commands")

SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")
LAST_DAY = ["--as-of", "2026-10-11"]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No athlete.toml of the machine, and nothing written into the project."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main([*argv, *LAST_DAY] if "--as-of" not in argv else list(argv))
    out, err = capsys.readouterr()
    return code, out, err


def test_check_as_json_is_what_its_schema_says(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", SAMPLE, "--format", "json", "--exit-code")
    jsonschema.validate(json.loads(out), json_schema())
    assert code == 3


def test_check_over_another_load_says_so_and_refuses_one_that_is_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "check", SAMPLE, "--load", "duration_min")
    assert code == 0
    assert "Sun 11 Oct: 90 min, 40 % longer" in out
    assert "for duration_min it is an extrapolation" in " ".join(out.split())
    code, out, err = run(capsys, "check", SAMPLE, "--load", "effort")
    assert (code, out) == (2, "")
    assert "no load 'effort'; there are: distance_km" in err


@pytest.mark.slow
def test_the_history_has_every_flag_with_its_date(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", SAMPLE, "--history")
    assert code == 0
    assert out.startswith("4 flags up to 2026-10-11.")
    assert "2026-03-08" in out
    spring = ["check", SAMPLE, "--history", "--as-of", "2026-04-05", "--format"]
    rows = json.loads(run(capsys, *spring, "json")[1])
    as_csv = run(capsys, *spring, "csv")[1]
    assert len(rows) == len(list(csv.DictReader(io.StringIO(as_csv)))) == 2
    assert rows[0]["check"] == "session_spike"
    assert rows[0]["date"] == "2026-03-08"


@pytest.mark.slow
def test_the_exit_code_stays_that_of_the_week_beside_a_history(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for day, code in (("2026-03-08", 3), ("2026-02-22", 0)):
        assert run(capsys, "check", SAMPLE, "--history", "--exit-code", "--as-of", day)[0] == code


def test_a_history_without_a_flag_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import datetime as dt

    start = dt.datetime(2026, 10, 10, 7, tzinfo=dt.UTC)
    (tmp_path / "a.fit").write_bytes(
        run_fit(start, offset_min=60, distance_km=5.0, duration_min=30.0)
    )
    _, out, _ = run(capsys, "check", "a.fit", "--history")
    assert out.strip() == "0 flags up to 2026-10-11."


def test_today_tells_what_each_distance_would_be_above(
    capsys: pytest.CaptureFixture[str],
) -> None:
    argv = ["today", SAMPLE, "--as-of", "2026-10-12", "--distances", "2,14", "--days", "1"]
    code, out, _ = run(capsys, *argv)
    assert code == 0
    assert "the longest run within every limit is" in " ".join(out.split())
    rows = json.loads(run(capsys, *argv, "--format", "json")[1])
    assert [(r["date"], r["distance_km"]) for r in rows] == [
        *[("2026-10-12", 2.0), ("2026-10-12", 14.0), ("2026-10-13", 2.0), ("2026-10-13", 14.0)]
    ]
    assert [r["verdict"] for r in rows] == ["within", "above", "within", "above"]


def test_distances_are_in_the_units_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["today", SAMPLE, "--units", "mi", "--distances", "5", "--format", "json"]
    rows = json.loads(run(capsys, *argv)[1])
    assert rows[0]["distance_mi"] == pytest.approx(5.0)


def test_today_shows_the_days_ahead(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(run(capsys, "today", SAMPLE, "--days", "3", "--format", "json")[1])
    assert [r["date"] for r in rows[-3:]] == [f"2026-10-{d}" for d in (12, 13, 14)]
    limits = ["symptoms", "session_spike", "return", "weekly_change", "rest", "acwr"]
    limits += ["monotony"]
    assert [r["limit"] for r in rows[:-3]] == limits
    assert {r["date"] for r in rows[:-3]} == {"2026-10-11"}
    assert {"date", "limit", "distance_km", "unknown", "why"} <= set(rows[0])
    six = json.loads(run(capsys, "today", SAMPLE, "--format", "json")[1])
    assert len(six) == len(limits) + 6


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--distances", "far"], "write distances like 5,8,10"),
        (["--distances", "0"], "above 0 km"),
        (["--days", "90"], "from 0 to 28"),
        (["--days", "some"], "invalid int"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_hint(
    argv: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["today", SAMPLE, *LAST_DAY, *argv])
    except SystemExit as end:
        code = int(str(end.code))
    assert code == 2
    assert told in capsys.readouterr().err


def test_lookback_sets_breaks_beside_other_weeks(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "lookback", SAMPLE)
    text = " ".join(out.split())
    assert code == 0
    assert "Longest single run: before 1 of 1 lay-offs" in text
    assert "other weeks" in text
    assert "a holiday or the flu is a lay-off too" in text
    assert "2026-03-27" in text
    rows = json.loads(run(capsys, "lookback", SAMPLE, "--format", "json")[1])
    assert rows[0]["days"] == 36


@pytest.mark.slow
def test_the_diary_beside_the_archive_names_a_break(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "diary.csv").write_text("date,break\n2026-04-02,low back\n", encoding="utf-8")
    argv = ["lookback", shutil.copy(SAMPLE, tmp_path), "--as-of", "2026-06-07"]
    rows = json.loads(run(capsys, *argv, "--format", "json")[1])
    assert rows[0]["name"] == "low back"
    assert "without a name" not in run(capsys, *argv)[1]
    (tmp_path / "diary.csv").write_text("date,break\n2026-04-02,dismiss\n", encoding="utf-8")
    assert "No lay-off far beyond the usual gaps" in run(capsys, *argv)[1]


def test_own_limits_beside_the_archive_are_obeyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "athlete.toml").write_text(
        "[limits.session-spike]\nsmall = 1.5\n", encoding="utf-8"
    )
    argv = ["check", SAMPLE, "--athlete", str(tmp_path / "athlete.toml"), "--exit-code"]
    code, out, _ = run(capsys, *argv)
    assert code == 0
    assert "Your limit: 1.5." in " ".join(out.split())
