"""A team from its exports: the same frames on every executor, and no athlete lost."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import signal
import sqlite3
import zipfile
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import made_work
import pandas as pd
import pytest
from made_work import doubled, ends_its_process, ends_its_process_once
from make_team import make_team

import loadmon
import loadmon.cohorts.team
import loadmon.io.cache
import loadmon.io.workers as workers
from loadmon.cli.cohort import FRAMES
from loadmon.cli.main import main
from loadmon.cohorts.spread import spread
from loadmon.cohorts.team import Cohort, Member, MemberResult, by_need, cohort, members
from loadmon.report.team import team_text
from loadmon.rules.context import CheckContext, Finding, Findings

TEAM = Path(__file__).parent.parent / "data" / "sample_team"
SUNDAY = "2026-10-11"
#: Two days on: a repetition of the last run cannot have been left out for its start ahead of us.
LATER = {"as_of": SUNDAY, "now": datetime(2026, 10, 13, tzinfo=UTC)}
TOLD = {"as_of": SUNDAY, "cache": False, "now": datetime(2026, 10, 12, tzinfo=UTC)}


@pytest.fixture(scope="module")
def here() -> Iterator[Executor]:
    """One thread of this process: the plainest executor there is."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture(scope="module")
def team(here: Executor) -> Cohort:
    return cohort(TEAM, executor=here, **TOLD)


def row_of(frame: pd.DataFrame, athlete: str) -> pd.Series:
    (row,) = frame[frame["athlete"] == athlete].to_dict("records")
    return pd.Series(row)


def expect_same(one: Cohort, other: Cohort) -> None:
    for field in fields(Cohort):
        pd.testing.assert_frame_equal(getattr(one, field.name), getattr(other, field.name))


def test_the_committed_team_is_the_one_that_the_script_makes() -> None:
    assert {p.name: p.read_bytes() for p in TEAM.iterdir()} == make_team()


def test_those_who_need_a_look_come_first_with_the_reason(team: Cohort) -> None:
    table = team.athletes
    assert table["athlete"].tolist() == ["ben", "cleo", "finn", "dan", "eva", "ana"]
    assert table["verdict"].tolist() == ["flagged"] * 2 + ["unknown"] * 3 + ["ok"]
    assert row_of(table, "ben")["flags"] == "session_spike"
    assert "16.0 km, 45 % longer" in row_of(table, "ben")["why"]
    assert "after 23 days without a run" in row_of(table, "cleo")["why"]
    assert "download it again" in row_of(table, "finn")["why"]
    assert "32 days" in row_of(table, "dan")["why"]
    assert "1 file could not be read" in row_of(table, "eva")["why"]


def test_numbers_of_the_week_are_those_of_the_athlete_alone(team: Cohort) -> None:
    ana = row_of(team.athletes, "ana")
    assert (ana["runs_7d"], ana["distance_7d_km"], ana["longest_7d_km"]) == (3, 24.0, 11.0)
    eva = row_of(team.athletes, "eva")
    assert eva["distance_7d_km"] != eva["distance_7d_km"]  # a day is not known: no sum
    assert eva["files_unread"] == 1


def test_frames_are_those_of_each_athlete_alone(team: Cohort) -> None:
    archive = loadmon.read(TEAM / "ben.zip", cache=False)
    weekly = loadmon.weekly_load(archive.activities, as_of=SUNDAY).reset_index()
    mine = team.weekly[team.weekly["athlete"] == "ben"].drop(columns="athlete")
    pd.testing.assert_frame_equal(mine.reset_index(drop=True), weekly)
    findings = loadmon.check(archive, as_of=SUNDAY).to_frame()
    mine = team.findings[team.findings["athlete"] == "ben"].drop(columns="athlete")
    pd.testing.assert_frame_equal(mine.reset_index(drop=True), findings)
    daily = loadmon.daily_load(archive.activities, as_of=SUNDAY)
    mine = team.daily[team.daily["athlete"] == "ben"].set_index("date")
    pd.testing.assert_series_equal(mine["load"], daily["load"], check_freq=False)
    assert mine["flag_session_spike"].fillna(False).tolist()[-1]


def test_a_failure_is_a_row_and_no_stop(team: Cohort) -> None:
    (row,) = team.failures.to_dict("records")
    assert (row["athlete"], row["reason"]) == ("finn", "cannot-be-used")
    assert "finn" not in set(team.weekly["athlete"])


def test_the_panel_of_a_team_can_be_evaluated(team: Cohort) -> None:
    days = pd.to_datetime(["2026-10-11"]).as_unit("us")
    injuries = pd.DataFrame({"athlete": ["ben"], "date": days})
    table = loadmon.evaluate(team.daily, injuries, lag_days=0, replicates=5)
    spike = table.set_index("check").loc["session_spike"]
    assert (spike["injuries_counted"], spike["injuries_flagged"]) == (1, 1)


def test_panels_of_many_are_gathered_only_where_that_is_asked_for(
    here: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = [TEAM / "ana.zip", TEAM / "ben.zip"]
    whole = cohort(two, executor=here, **TOLD)
    assert whole.daily["athlete"].nunique() == 2
    monkeypatch.setattr(loadmon.cohorts.team, "_GATHERED", 1)
    found = cohort(two, executor=here, **TOLD)
    assert found.daily.empty
    assert found.daily.columns.tolist() == whole.daily.columns.tolist()
    for name in ("athletes", "weekly", "findings", "failures"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(whole, name))
    pd.testing.assert_frame_equal(cohort(two, executor=here, daily=True, **TOLD).daily, whole.daily)


def test_a_frame_of_some_members_is_theirs_in_the_whole_team(team: Cohort) -> None:
    names = ["ben", "finn", "eva"]
    members = pd.DataFrame({"athlete": names, "path": [str(TEAM / f"{n}.zip") for n in names]})
    for frame in ("athletes", "weekly", "findings", "daily"):
        found = loadmon.cohort_frame(members, frame=frame, **TOLD)  # type: ignore[arg-type]
        whole = getattr(team, frame)
        theirs = whole[whole["athlete"].isin(names)].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, theirs)
    assert set(loadmon.cohort_frame(members.iloc[2:], **TOLD)["athlete"]) == {"eva"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"frame": "days"}, "unknown frame 'days'"),
        ({"silence": "perhaps"}, "unknown silence 'perhaps'"),
        ({"members": pd.DataFrame({"athlete": ["a"]})}, "need a column 'path'"),
        ({"members": pd.DataFrame({"athlete": ["a"], "path": [None]})}, "without an empty cell"),
    ],
)
def test_a_frame_that_cannot_be_meant_is_refused(wrong: dict[str, object], says: str) -> None:
    members = wrong.pop("members", pd.DataFrame({"athlete": ["a"], "path": ["a.zip"]}))
    with pytest.raises(loadmon.LoadmonError, match=says):
        loadmon.cohort_frame(members, **wrong)  # type: ignore[arg-type]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of a team of two that is read with a cache, whose stamps are believed at once."""
    monkeypatch.setenv("LOADMON_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(loadmon.io.cache, "STABLE_NS", 0)
    folder = tmp_path / "team"
    folder.mkdir()
    for name in ("ben", "eva"):
        shutil.copy(TEAM / f"{name}.zip", folder)
    return folder


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Last days of the archives that are checked from now on."""
    seen: list[str] = []
    real = loadmon.cohorts.team.check_context

    def check(context: CheckContext) -> Findings:
        seen.append(f"{context.archive.activities['date'].max():%m-%d}")
        return real(context)

    monkeypatch.setattr(loadmon.cohorts.team, "check_context", check)
    return seen


def test_the_next_day_only_what_has_changed_is_judged_anew(
    kept: Path, here: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = LATER | {"executor": here}
    plain = cohort(kept, **told, cache=False)
    expect_same(cohort(kept, **told), plain)
    seen = counted(monkeypatch)
    expect_same(cohort(kept, **told), plain)
    assert seen == []
    with zipfile.ZipFile(TEAM / "ana.zip") as other, zipfile.ZipFile(kept / "eva.zip", "a") as own:
        own.writestr("one more.fit", other.read(sorted(other.namelist())[-1]))
    grown = cohort(kept, **told)
    assert len(seen) == 1
    expect_same(grown, cohort(kept, **told, cache=False))
    assert row_of(grown.athletes, "eva")["files"] == row_of(plain.athletes, "eva")["files"] + 1


@pytest.mark.parametrize(
    "other",
    [
        {"as_of": "2026-10-10"},
        {"as_of": None},
        {"silence": "rest"},
        {"units": "mi"},
        {"daily": False},
        {"athlete": loadmon.Athlete(home_zone="Europe/Berlin", max_hr_bpm=190)},
    ],
)
def test_another_question_gives_another_answer(
    other: dict[str, object], kept: Path, here: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = LATER | {"executor": here}
    for _ in range(2):
        cohort(kept, **told)
    seen = counted(monkeypatch)
    expect_same(cohort(kept, **(told | other)), cohort(kept, **(told | other), cache=False))
    assert len(seen) == 4


def test_another_program_gives_another_answer(
    kept: Path, here: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = LATER | {"executor": here}
    for _ in range(2):
        cohort(kept, **told)
    monkeypatch.setattr(loadmon.cohorts.team, "program_version", lambda _room: b"another")
    seen = counted(monkeypatch)
    cohort(kept, **told)
    assert len(seen) == 2


def test_a_kept_answer_that_is_damaged_is_made_again(
    kept: Path, here: Executor, tmp_path: Path
) -> None:
    told = LATER | {"executor": here}
    plain = cohort(kept, **told)
    cohort(kept, **told)
    with contextlib.closing(sqlite3.connect(tmp_path / "cache" / "reading.sqlite3")) as database:
        database.execute("update kept set value = substr(value, 1, length(value) - 9) || x'00'")
        database.commit()
    expect_same(cohort(kept, **told), plain)


def test_silence_is_unknown_rest_or_an_old_export(here: Executor) -> None:
    dan = [TEAM / "dan.zip"]
    rested = cohort(dan, executor=here, silence="rest", **TOLD)
    assert row_of(rested.athletes, "dan")["distance_7d_km"] == 0.0
    old = cohort(dan, executor=here, silence="old", **TOLD)
    assert row_of(old.athletes, "dan")["as_of"] == pd.Timestamp("2026-09-06")
    dan_old = row_of(old.athletes, "dan")
    assert dan_old["verdict"] == "unknown"  # 4 August to 6 September are 34 days
    assert "35 recorded days" in dan_old["why"]
    own = cohort(dan, executor=here, **(TOLD | {"as_of": None}))
    pd.testing.assert_frame_equal(own.athletes, old.athletes)
    with pytest.raises(loadmon.SettingError, match="perhaps"):
        cohort(dan, executor=here, silence="perhaps")  # type: ignore[arg-type]


def test_an_athletes_own_settings_count_and_a_mistake_in_them_is_theirs_alone(
    here: Executor, tmp_path: Path
) -> None:
    for name in ("ana", "ben"):
        shutil.unpack_archive(TEAM / f"{name}.zip", tmp_path / name)
    (tmp_path / "ana" / "athlete.toml").write_text("unknown_days = [2026-10-08]\n")
    (tmp_path / "ben" / "athlete.toml").write_text('home_zon = "Europe/Berlin"\n')
    told = cohort(tmp_path, executor=here, **TOLD)
    assert row_of(told.athletes, "ana")["verdict"] == "unknown"
    assert "home_zone" in row_of(told.failures, "ben")["detail"]


def test_settings_for_all_hold_for_who_has_none_and_leave_everybody_their_diary(
    here: Executor, tmp_path: Path
) -> None:
    for name in ("ana", "ben"):
        shutil.unpack_archive(TEAM / f"{name}.zip", tmp_path / name)
    entry = "2026-10-09,before,6,shin,,,,"
    head = "date,when,pain,site,rpe,strength,break,note"
    (tmp_path / "ana" / "diary.csv").write_text(f"{head}\n{entry}\n")
    (tmp_path / "ben" / "athlete.toml").write_text('home_zone = "Europe/Berlin"\n')
    for_all = loadmon.Athlete(unknown_days=(date(2026, 10, 8),))
    told = cohort(tmp_path, executor=here, athlete=for_all, **TOLD)
    week = told.findings[told.findings["check"] == "weekly_change"].set_index("athlete")["verdict"]
    assert week["ana"] == "unknown"
    assert week["ben"] != "unknown"
    pains = told.findings[told.findings["check"] == "symptoms"].set_index("athlete")["verdict"]
    assert pains["ana"] == "flagged"


def test_a_bug_met_by_one_athlete_hides_no_other(
    here: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from loadmon.cohorts import team as member

    real = member.check_context

    def check(context: CheckContext) -> Findings:
        if len(context.archive.activities) == 21:
            raise ZeroDivisionError("of all things")
        return real(context)

    monkeypatch.setattr(member, "check_context", check)
    told = cohort(TEAM, executor=here, **TOLD)
    assert row_of(told.failures, "cleo")["reason"] == "bug"
    assert "of all things" in row_of(told.failures, "cleo")["detail"]
    assert set(told.weekly["athlete"]) == {"ana", "ben", "dan", "eva"}


def test_nobody_usable_gives_frames_of_the_same_columns(team: Cohort, here: Executor) -> None:
    told = cohort([TEAM / "finn.zip"], executor=here, **TOLD)
    for name in ("weekly", "findings", "daily"):
        nobody = getattr(told, name)
        assert nobody.empty
        assert nobody.columns.tolist() == getattr(team, name).columns.tolist()


def test_names_are_those_of_the_folders_and_stay_apart(tmp_path: Path) -> None:
    for name in ("ana", "Zoe", ".git", "__MACOSX"):
        (tmp_path / name).mkdir()
    for name in ("ana.zip", "ben.ZIP", "run.fit", "notes.txt", "more.gpx.gz"):
        (tmp_path / name).write_bytes(b"")
    found, loose = members(tmp_path)
    assert [m.name for m in found] == ["ana", "ana.zip", "ben", "Zoe"]
    assert [p.name for p in loose] == ["more.gpx.gz", "run.fit"]
    for folder in ("a/runs", "b/runs"):
        (tmp_path / folder).mkdir(parents=True)
    two, _ = members([tmp_path / "a" / "runs", tmp_path / "b" / "runs"])
    assert len({m.name for m in two}) == 2


@pytest.mark.parametrize("given", ["nothing", "empty"])
def test_a_folder_without_athletes_is_refused(given: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(loadmon.ReadError, match=given):
        cohort(tmp_path / given)
    with pytest.raises(loadmon.ReadError, match="nothing"):
        cohort([tmp_path / "nothing"])


def test_progress_tells_every_athlete_once(here: Executor) -> None:
    seen: list[tuple[int, str]] = []
    paths = [TEAM / "ana.zip", TEAM / "finn.zip"]
    cohort(paths, executor=here, progress=lambda n, name: seen.append((n, name)), **TOLD)
    assert [n for n, _ in seen] == [1, 2]
    assert {name for _, name in seen} == {"ana", "finn"}


def test_the_screen_of_a_coach_says_who_and_why(team: Cohort) -> None:
    text = team_text(team, title="team", width=80)
    assert text.startswith("loadmon  team: 6 athletes = 2 flagged, 3 not known, 1 nothing flagged")
    assert text.index("ben") < text.index("cleo") < text.index("NOT KNOWN") < text.index("finn")
    assert "--rested | --old-export" in text
    assert "not a score" in text
    assert max(len(line) for line in text.splitlines()) <= 80
    for word in ("nan", "NaT", "safe", "None"):
        assert word not in text
    assert "9.9 mi" in team_text(team, title="team", units="mi")


@pytest.mark.parametrize("show", FRAMES)
def test_the_command_gives_the_same_rows_as_csv_and_as_json(
    show: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, team: Cohort
) -> None:
    monkeypatch.setattr("loadmon.cohorts.team.cohort", lambda *_, **__: team)
    told = ["cohort", str(TEAM), "--as-of", SUNDAY, "--show", show, "--format"]
    assert main([*told, "csv"]) == 0
    as_csv = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert main([*told, "json"]) == 0
    as_json = json.loads(capsys.readouterr().out)
    assert len(as_csv) == len(as_json) == len(getattr(team, show)) > 0
    assert list(as_csv[0]) == list(as_json[0])


def test_the_command_hands_on_what_was_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, team: Cohort
) -> None:
    asked: dict[str, object] = {}

    def cohort(folder: object, **options: object) -> Cohort:
        asked.update(options, folder=folder)
        return team

    monkeypatch.setattr("loadmon.cohorts.team.cohort", cohort)
    assert main(["cohort", str(TEAM), "--as-of", SUNDAY, "--rested", "--workers", "3"]) == 0
    assert asked["silence"] == "rest"
    assert asked["folder"] == str(TEAM)
    assert str(asked["as_of"]) == SUNDAY
    assert asked["executor"]._threads._max_workers == 3  # type: ignore[attr-defined]
    zips = [str(TEAM / "ana.zip"), str(TEAM / "ben.zip")]
    assert main(["cohort", *zips, "--old-export", "--units", "mi"]) == 0
    assert (asked["folder"], asked["silence"], asked["executor"]) == (zips, "old", None)
    assert asked["units"] == "mi"
    assert "18.0 mi" in capsys.readouterr().out
    assert main(["cohort", str(TEAM)]) == 0
    assert asked["silence"] == "unknown"
    capsys.readouterr()


def test_the_command_refuses_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for wrong in (
        [str(tmp_path / "none")],
        [str(tmp_path / "empty")],
        [str(TEAM), "--workers", "0"],
    ):
        assert main(["cohort", *wrong]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.strip().splitlines()) == 1
    (tmp_path / "team" / "ana").mkdir(parents=True)
    assert main(["cohort", str(tmp_path / "team")]) == 2
    assert "no athlete's files could be used" in capsys.readouterr().err


def test_work_comes_back_in_the_order_of_the_tasks(here: Executor) -> None:
    assert spread(doubled, [("", n) for n in range(9)], executor=here) == list(range(0, 18, 2))
    assert spread(doubled, [], executor=here) == []


@pytest.fixture
def for_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers find the functions of these tests by the variable for it."""
    monkeypatch.setenv("PYTHONPATH", str(Path(made_work.__file__).parent))


@pytest.mark.usefixtures("for_workers")
def test_an_executor_that_takes_nothing_any_more_loses_nothing() -> None:
    closed = ThreadPoolExecutor(1)
    closed.shutdown()
    assert spread(doubled, [("", 4)], executor=closed) == [8]


@pytest.mark.usefixtures("for_workers")
def test_a_process_that_ends_loses_no_task(tmp_path: Path) -> None:
    tasks = [(str(tmp_path / "once") if n == 3 else "", n) for n in range(8)]
    assert spread(ends_its_process_once, tasks) == list(range(0, 16, 2))


def test_where_no_process_can_be_started_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers.sys, "executable", "/nowhere/python")
    assert spread(doubled, [("", n) for n in range(4)]) == [0, 2, 4, 6]


@pytest.mark.usefixtures("for_workers")
def test_a_task_that_always_ends_its_process_takes_none_with_it() -> None:
    tasks = [("now" if n == 1 else "", n) for n in range(4)]
    assert spread(ends_its_process, tasks) == [0, None, 4, 6]


@pytest.mark.slow
def test_a_pool_of_processes_gives_the_same_frames(team: Cohort) -> None:
    expect_same(cohort(TEAM, **TOLD), team)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork beside threads
def test_killing_a_worker_while_it_reads_still_gives_all_athletes(team: Cohort) -> None:
    with ProcessPoolExecutor(2) as pool:

        def kill(n: int, name: str) -> None:
            for pid in list(pool._processes or {})[:1] if n == 1 else []:
                os.kill(pid, signal.SIGKILL)

        expect_same(cohort(TEAM, executor=pool, progress=kill, **TOLD), team)
        with pytest.raises(BrokenExecutor):
            pool.submit(doubled, ("", 1))


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.filterwarnings("ignore")  # what a cluster says while a worker of it is killed
def test_a_cluster_gives_the_same_frames_also_when_a_worker_is_killed(team: Cohort) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="the extra cluster is not installed: pip install 'loadmon[cluster]'"
    )
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        expect_same(cohort(TEAM, executor=client.get_executor(), **TOLD), team)
        pids = list(client.run(os.getpid).values())

        def kill(n: int, name: str) -> None:
            if n == 1:
                os.kill(pids[0], signal.SIGKILL)

        expect_same(cohort(TEAM, executor=client.get_executor(), progress=kill, **TOLD), team)


def judged(name: str, *flags: tuple[str, str]) -> MemberResult:
    """An athlete with a flag of each check, by evidence of each grade."""
    rows = [
        Finding("rest").ok("none", "Rested."),
        *(Finding(c).flagged("above", f"{c}!") for c, _ in flags),
    ]
    findings = Findings(pd.Timestamp(SUNDAY), rows).to_frame()
    grades = [dict(flags).get(check, "") for check in findings["check"]]
    frames = {"findings": findings.assign(grade=grades)}
    return MemberResult(Member(name, name), frames, {"verdict": "flagged" if flags else "ok"})


def test_pain_comes_before_numbers_then_better_evidence_then_more_flags_then_the_name() -> None:
    ratio, spike, pain = ("acwr", "X"), ("session_spike", "B"), ("symptoms", "D")
    alike = ("monotony", "D")
    told = [
        judged("even"),
        judged("one ratio", ratio),
        judged("spike", spike),
        judged("a spike and a ratio", spike, ratio),
        judged("sore", pain, ratio),
        judged("Alike", alike),
        judged("also alike", alike),
    ]
    table = by_need(told)
    order = ["sore", "a spike and a ratio", "spike", "Alike", "also alike", "one ratio", "even"]
    assert table["athlete"].tolist() == order
    assert row_of(table, "sore")["why"] == "symptoms! acwr!"
    assert row_of(table, "a spike and a ratio")["grade"] == "B"


def test_weeks_of_a_team_are_those_of_each_archive_by_the_athletes_own_limits(
    tmp_path: Path, here: Executor
) -> None:
    own = loadmon.Athlete(limits={"weekly-change.limit": 0.01, "rest-days.min_in_7": 6})
    shutil.copy(TEAM / "ana.zip", tmp_path / "ana.zip")
    told = cohort(tmp_path, executor=here, athlete=own, **TOLD).weekly.drop(columns="athlete")
    archive = loadmon.read(TEAM / "ana.zip", athlete=own, cache=False, now=TOLD["now"])
    weeks = loadmon.weekly_load(archive, as_of=SUNDAY).reset_index()
    pd.testing.assert_frame_equal(told, weeks)
    assert (
        weeks["flags"] != loadmon.weekly_load(archive, as_of=SUNDAY, own={})["flags"].array
    ).any()
