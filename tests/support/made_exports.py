"""Made-up histories written in the form of each platform's export.

What stands in them is made up; the forms are those of public parsers and their tests. A platform
without tracks here is one whose list says everything.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import json
import random
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Members = dict[str, bytes]
MI = 1609.344
#: Zones, each with a place in it.
ZONES = {
    "America/New_York": (40.71, -74.0),
    "Asia/Kolkata": (19.08, 72.88),
    "Australia/Sydney": (-33.87, 151.2),
    "Asia/Kathmandu": (27.7, 85.3),
    "Europe/Berlin": (52.52, 13.4),
    "America/Los_Angeles": (34.05, -118.25),
    "Pacific/Auckland": (-36.85, 174.76),
}


@dataclass(frozen=True, slots=True)
class Did:
    """One workout: its start in UTC, and what its platform says of it."""

    start: dt.datetime
    metres: int
    seconds: int
    sport: str = "run"  # run, trail, treadmill, walk, ride
    zone: str = "America/New_York"
    is_typed: bool = False

    @property
    def local(self) -> dt.datetime:
        """Start on the runner's clock, without its zone."""
        return self.start.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    @property
    def offset_s(self) -> int:
        """Local time minus UTC. [s]"""
        offset = self.start.astimezone(ZoneInfo(self.zone)).utcoffset()
        assert offset is not None
        return round(offset.total_seconds())

    @property
    def end(self) -> dt.datetime:
        """End in UTC."""
        return self.start + dt.timedelta(seconds=self.seconds)

    @property
    def is_run(self) -> bool:
        """Whether it counts as running."""
        return self.sport in ("run", "trail", "treadmill")

    @property
    def has_track(self) -> bool:
        """Whether it was recorded with positions."""
        return self.sport != "treadmill" and not self.is_typed

    @property
    def ms(self) -> int:
        """Start in milliseconds since 1970."""
        return round(self.start.timestamp() * 1000)


def made_history(seed: int, zone: str = "America/New_York", days: int = 40) -> list[Did]:
    """Make a random history: runs of all kinds, walks and rides, late in the evening too."""
    rng = random.Random(seed)
    day = dt.datetime(2025, 10, 20, tzinfo=ZoneInfo(zone)) + dt.timedelta(days=rng.randrange(60))
    history: list[Did] = []
    for _ in range(days):
        day += dt.timedelta(days=1)
        if rng.random() < 0.5:
            continue
        sport = rng.choice(["run", "run", "run", "trail", "treadmill", "walk", "ride"])
        clock = dt.timedelta(
            hours=rng.choice([0, 5, 6, 7, 12, 18, 21, 23]), minutes=rng.randrange(50),
            seconds=rng.randrange(60),
        )  # fmt: skip
        start = (day + clock).astimezone(dt.UTC)
        pace = {"walk": 0.72, "ride": 0.16}.get(sport, 0.33) * rng.uniform(0.9, 1.15)
        metres = 10 * rng.randrange(200, 2500)
        typed = sport == "run" and rng.random() < 0.15 and len(history) > 2
        if history and start < history[-1].start + dt.timedelta(seconds=history[-1].seconds):
            continue  # nobody is under way twice at once
        history.append(Did(start, metres, round(metres * pace), sport, zone, typed))
    return history


def runs_of(history: Sequence[Did]) -> tuple[int, float, float, list[str]]:
    """Runs, their kilometres, minutes and local days."""
    runs = [did for did in history if did.is_run]
    days = sorted(f"{did.local:%Y-%m-%d}" for did in runs)
    return len(runs), sum(d.metres for d in runs) / 1000, sum(d.seconds for d in runs) / 60, days


def gpx(did: Did, *, sport: str = "", step_s: int = 20) -> bytes:
    """Track of a workout, straight to the north, without a sport unless one is given."""
    latitude, longitude = ZONES[did.zone]
    points = []
    for t in [*range(0, did.seconds, step_s), did.seconds]:
        north = did.metres * t / did.seconds / 111_195.08
        when = did.start + dt.timedelta(seconds=t)
        points.append(
            f'<trkpt lat="{latitude + north:.7f}" lon="{longitude:.7f}"><ele>50</ele>'
            f"<time>{when:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        )
    kind = f"<type>{sport}</type>" if sport else ""
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="made up" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk>'
        f"{kind}<trkseg>{''.join(points)}</trkseg></trk></gpx>"
    ).encode()


def table(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Members in a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def hms(seconds: int) -> str:
    """``42:10`` or ``1:02:03``."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


# --- one writer for each platform ----------------------------------------------------------------


def runkeeper(history: Sequence[Did], unit: str = "km") -> Members:
    """Runkeeper's list with GPX files."""
    words = {"walk": "Walking", "ride": "Cycling"}
    header = (
        f"Activity Id,Date,Type,Route Name,Distance ({unit}),Duration,Average Pace,"
        "Average Speed,Calories Burned,Climb (m),Average Heart Rate (bpm),Friend's Tagged,Notes,"
        "GPX File"
    )
    rows: list[Sequence[Any]] = [header.split(",")]
    members: Members = {}
    for n, did in enumerate(history):
        file = f"{did.local:%Y-%m-%d-%H%M%S}.gpx" if did.has_track else ""
        if file:
            members[file] = gpx(did)
        distance = did.metres / (1000 if unit == "km" else MI)
        rows.append(
            [f"id-{n}", f"{did.local:%Y-%m-%d %H:%M:%S}", words.get(did.sport, "Running"), "",
             f"{distance:.2f}", hms(did.seconds), "5:15", "11", "500.0", "12", "148", "", "x", file]
        )  # fmt: skip
    return {"cardioActivities.csv": table(rows), **members}


_GARMIN = {
    "en": (
        "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Steps,Avg Stride Length,"
        "Best Lap Time,Elapsed Time",
        {"run": "Running", "trail": "Trail Running", "treadmill": "Treadmill Running",
         "walk": "Walking", "ride": "Cycling"},
    ),
    "de": (
        "Aktivitätstyp,Datum,Favorit,Titel,Distanz,Kalorien,Zeit,Ø HF,Schritte,Ø Schrittlänge,"
        "Beste Rundenzeit,Verstrichene Zeit",
        {"run": "Laufen", "trail": "Trailrunning", "treadmill": "Laufbandtraining",
         "walk": "Gehen", "ride": "Radfahren"},
    ),
    "es": (
        "Tipo de actividad,Fecha,Favorito,Título,Distancia,Calorías,Tiempo,FC media,Pasos,"
        "Longitud media de zancada,Mejor vuelta,Tiempo transcurrido",
        {"run": "Carrera", "trail": "Carrera de montaña", "treadmill": "Carrera en cinta",
         "walk": "Caminar", "ride": "Ciclismo"},
    ),
    "cs": (
        "Typ aktivity,Datum,Oblíbené,Název,Vzdálenost,Kalorie,Čas,Prům. ST,Kroky,Délka,Kolo,Celkem",
        {"run": "Běh", "trail": "Trail Running", "treadmill": "Treadmill", "walk": "Chůze",
         "ride": "Cycling"},
    ),
}  # fmt: skip


def garmin_csv(
    history: Sequence[Did], unit: str = "km", language: str = "en", mark: str = ".",
    *, has_steps: bool = False,
) -> Members:  # fmt: skip
    """Garmin Connect's table; with steps and the length of one it settles its own unit."""
    header, words = _GARMIN[language]
    rows: list[Sequence[Any]] = [header.split(",")]
    for did in reversed(history):
        distance = f"{did.metres / (1000 if unit == 'km' else MI):.2f}".replace(".", mark)
        steps = round(did.metres / 1.1) if has_steps and did.is_run else 0
        grouped = f"{steps:,}".replace(",", {".": ",", ",": "."}[mark]) if steps else "--"
        stride = f"1{mark}10" if steps else "--"
        long = f"{did.seconds // 3600:02d}:{did.seconds // 60 % 60:02d}:{did.seconds % 60:02d}"
        rows.append(
            [words[did.sport], f"{did.local:%Y-%m-%d %H:%M:%S}", "false", "x", distance, "512",
             long, "148", grouped, stride, "--", long]
        )  # fmt: skip
    return {"Activities.csv": b"\xef\xbb\xbf" + table(rows)}


def samsung(history: Sequence[Did]) -> Members:
    """Samsung Health's table and positions; each row has a comma more than the header."""
    codes = {"run": 1002, "trail": 1002, "treadmill": 15005, "walk": 1001, "ride": 11007}
    prefix, folder = "com.samsung.health.exercise.", "samsunghealth_x_20260101"
    names = ["start_time", "time_offset", "duration", "end_time", "distance", "exercise_type",
             "mean_heart_rate", "location_data", "datauuid"]  # fmt: skip
    lines = ["com.samsung.shealth.exercise,6320001,17", ",".join(prefix + n for n in names)]
    members: Members = {}
    for n, did in enumerate(history):
        uuid = f"{n:08d}-aaaa-4bbb-8ccc-000000000000"
        file = f"{uuid}.{prefix}location_data.json" if did.has_track else ""
        if file:
            points = [
                {"latitude": ZONES[did.zone][0] + t * 1e-5, "longitude": ZONES[did.zone][1],
                 "altitude": 50.0, "start_time": did.ms + 1000 * t}
                for t in range(0, did.seconds, 30)
            ]  # fmt: skip
            path = f"{folder}/jsons/com.samsung.shealth.exercise/{uuid[0]}/{file}"
            members[path] = json.dumps(points).encode()
        sign = "-" if did.offset_s < 0 else "+"
        offset = f"UTC{sign}{abs(did.offset_s) // 3600:02d}{abs(did.offset_s) // 60 % 60:02d}"
        lines.append(
            f"{did.start:%Y-%m-%d %H:%M:%S}.000,{offset},{1000 * did.seconds},"
            f"{did.end:%Y-%m-%d %H:%M:%S}.000,{did.metres:.1f},{codes[did.sport]},148.0,{file},"
            f"{uuid},"
        )
    name = f"{folder}/com.samsung.shealth.exercise.20260101120000.csv"
    return {name: "\n".join(lines).encode("utf-8-sig"), **members}


def fitbit_table(history: Sequence[Did]) -> Members:
    """Fitbit's newer list, in millimetres."""
    words = {"run": "Outdoor Run", "trail": "Run", "treadmill": "Treadmill run",
             "walk": "Outdoor Walk", "ride": "Bike"}  # fmt: skip
    header = (
        "exercise_id,exercise_start,exercise_end,utc_offset,exercise_created,activity_name,"
        "log_type,tracker_total_distance_mm,tracker_avg_heart_rate,"
        "tracker_avg_speed_mm_per_second,manually_logged_total_distance_mm"
    )
    rows: list[Sequence[Any]] = [header.split(",")]
    for n, did in enumerate(history):
        sign = "-" if did.offset_s < 0 else "+"
        offset = f"{sign}{abs(did.offset_s) // 3600:02d}:{abs(did.offset_s) // 60 % 60:02d}"
        tracked, typed = ("", 1000 * did.metres) if did.is_typed else (1000 * did.metres, "")
        rows.append(
            [n, f"{did.start:%Y-%m-%dT%H:%M:%SZ}", f"{did.end:%Y-%m-%dT%H:%M:%SZ}", offset, "",
             words[did.sport], "TRACKER", tracked, 0, 999_999, typed]
        )  # fmt: skip
    name = "Takeout/Fitbit/Health Fitness Data_GoogleData/UserExercises_2026-01-01.csv"
    return {name: table(rows)}


def fitbit_json(history: Sequence[Did], *, is_local: bool = False, unit: str = "km") -> Members:
    """Fitbit's older list; nobody knows whether its starts are UTC or local."""
    codes = {"run": 90009, "trail": 90009, "treadmill": 20049, "walk": 90013, "ride": 90001}
    rows = [
        {
            "logId": 5000 + n, "activityName": "Run" if did.is_run else did.sport,
            "activityTypeId": codes[did.sport], "activityLevel": [], "calories": 500,
            "duration": 1000 * did.seconds, "activeDuration": 1000 * did.seconds,
            "logType": "tracker",
            "distance": did.metres / (1000 if unit == "km" else MI),
            "distanceUnit": "Kilometer" if unit == "km" else "Mile",
            "startTime": f"{did.local if is_local else did.start:%m/%d/%y %H:%M:%S}",
            "originalStartTime": "x",
        }
        for n, did in enumerate(history)
    ]  # fmt: skip
    return {"Takeout/Fitbit/Global Export Data/exercise-0.json": json.dumps(rows).encode()}


def fitbit_both(history: Sequence[Did], *, is_local: bool = False) -> Members:
    """Fitbit's Takeout with both lists of the same runs."""
    return fitbit_table(history) | fitbit_json(history, is_local=is_local)


def adidas(history: Sequence[Did], *, has_gpx: bool = True) -> Members:
    """A file for each session of adidas Running, with a track each."""
    codes = {"run": "1", "trail": "1", "treadmill": "14", "walk": "19", "ride": "3"}
    members: Members = {}
    for n, did in enumerate(history):
        base = f"{did.local:%Y-%m-%d_%H-%M-%S}-UTC_{n:08d}-0000"
        session = {
            "start_time": did.ms, "end_time": did.ms + 1000 * did.seconds, "created_at": did.ms,
            "start_time_timezone_offset": 1000 * did.offset_s, "distance": did.metres,
            "duration": 1000 * did.seconds, "elevation_gain": 1, "pause_duration": 0,
            "pulse_avg": 148, "manual": did.is_typed, "indoor": not did.has_track,
            "sport_type_id": codes[did.sport], "id": f"{n:08d}", "subjective_feeling_id": "1",
        }  # fmt: skip
        members[f"Sport-sessions/{base}.json"] = json.dumps(session).encode()
        if did.has_track and has_gpx:
            members[f"Sport-sessions/GPS-data/{base}.gpx"] = gpx(did)
        elif did.has_track:
            sign = "-" if did.offset_s < 0 else "+"
            zone = f"{sign}{abs(did.offset_s) // 3600:02d}{abs(did.offset_s) // 60 % 60:02d}"
            points = [
                {"version": 1, "timestamp":
                 f"{did.local + dt.timedelta(seconds=t):%Y-%m-%d %H:%M:%S} {zone}",
                 "longitude": ZONES[did.zone][1], "latitude": ZONES[did.zone][0] + t * 1e-5,
                 "altitude": 5.0, "speed": 11.0, "duration": 1000 * t,
                 "distance": round(did.metres * t / did.seconds)}
                for t in range(0, did.seconds + 1, 30)
            ]  # fmt: skip
            members[f"Sport-sessions/GPS-data/{base}.json"] = json.dumps(points).encode()
    return {**members, "User/user.json": b"{}"}


def google_fit(history: Sequence[Did]) -> Members:
    """Google Fit's sessions."""
    words = {"run": "running", "trail": "running.jogging", "treadmill": "running.treadmill",
             "walk": "walking", "ride": "biking"}  # fmt: skip
    members = {}
    for did in history:
        session = {
            "fitnessActivity": words[did.sport],
            "startTime": f"{did.start:%Y-%m-%dT%H:%M:%S}.000Z",
            "endTime": f"{did.end:%Y-%m-%dT%H:%M:%S}.000Z",
            "duration": f"{did.seconds}.000s",
            "segment": [],
            "aggregate": [
                {"metricName": "com.google.step_count.delta", "intValue": 8000},
                {"metricName": "com.google.distance.delta", "floatValue": did.metres},
            ],
        }
        name = f"Takeout/Fit/All Sessions/{did.start:%Y-%m-%dT%H_%M_%S}Z_{did.sport}.json"
        members[name] = json.dumps(session).encode()
    return members


def zepp(history: Sequence[Did]) -> Members:
    """Zepp's table, in UTC."""
    codes = {"run": 1, "trail": 7, "treadmill": 8, "walk": 6, "ride": 9}
    header = (
        "type,startTime,sportTime(s),maxPace(/meter),minPace(/meter),distance(m),"
        "avgPace(/meter),calories(kcal)"
    )
    rows: list[Sequence[Any]] = [header.split(",")]
    rows += [
        [codes[d.sport], f"{d.start:%Y-%m-%d %H:%M:%S}+0000", d.seconds, 0.2, 0.6,
         f"{d.metres:.1f}", 0.3, 420.0] for d in history
    ]  # fmt: skip
    return {"1_2/SPORT/SPORT_1.csv": b"\xef\xbb\xbf" + table(rows)}


def huawei(history: Sequence[Did], *, is_old: bool = False) -> Members:
    """Huawei's list with tracks, invalid where it has a map of times; before 2020 in days."""
    codes = {"run": 4, "trail": 118, "treadmill": 101, "walk": 5, "ride": 3}
    texts = []
    for n, did in enumerate(history):
        lines = [
            f"tp=lbs;k={t};lat={ZONES[did.zone][0] + t * 1e-5:.6f};lon={ZONES[did.zone][1]:.6f};"
            f"alt=5.0;t={did.ms + 1000 * t}.0;"
            for t in range(0, did.seconds, 60)
            if did.has_track
        ]
        lines.insert(1, f"tp=lbs;k=1;lat=90.0;lon=-80.0;alt=0.0;t={did.ms + 1000}.0;")
        simple = {"avgHeartRate": 148, "totalDistance": did.metres}
        sign = "-" if did.offset_s < 0 else "+"
        row = {
            "startTime": did.ms, "endTime": did.ms + 1000 * did.seconds,
            "totalTime": 1000 * did.seconds, "totalDistance": did.metres,
            "timeZone": f"{sign}{abs(did.offset_s) // 3600:02d}{abs(did.offset_s) // 60 % 60:02d}",
            "sportType": codes[did.sport], "sportDataSource": 2 if did.is_typed else 1,
            "recordId": str(n),
            "attribute": "HW_EXT_TRACK_DETAIL@is" + "\n".join(lines)
            + "&&HW_EXT_TRACK_SIMPLIFY@is" + json.dumps(simple),
        }  # fmt: skip
        text = json.dumps(row)
        if n % 2:
            text = text.replace('"recordId"', '"partTimeMap":{1.0:316.0,2.0:633.0},"recordId"')
        texts.append(text)
    whole = f"[{', '.join(texts)}]"
    if is_old:
        whole = f'[{{"recordDay": 20260101, "motionPathData": {whole}}}]'
    name = "data/Motion path detail data & description/motion path detail data.json"
    return {name: whole.encode()}


def fittrackee(history: Sequence[Did]) -> Members:
    """FitTrackee's list with its files."""
    words = {"run": "Running", "trail": "Trail", "treadmill": "Running", "walk": "Walking",
             "ride": "Cycling (Sport)"}  # fmt: skip
    members: Members = {}
    rows = []
    for n, did in enumerate(history):
        file = f"{n}.gpx" if did.has_track else None
        if file:
            members[f"workout_files/{file}"] = gpx(did)
        rows.append(
            {"id": f"s{n}", "sport_id": 5, "sport_label": words[did.sport], "title": "x",
             "workout_date": format_datetime(did.start.replace(tzinfo=dt.UTC), usegmt=True),
             "distance": did.metres / 1000, "duration": f"0:{hms(did.seconds)}"
             if did.seconds < 3600 else hms(did.seconds), "moving": hms(did.seconds),
             "original_file": file}
        )  # fmt: skip
    return {**members, "user_workouts_data.json": json.dumps(rows).encode()}


def endurain(history: Sequence[Did], *, is_local: bool = False) -> Members:
    """Endurain's list with its files; versions write UTC and local time."""
    codes = {"run": 1, "trail": 2, "treadmill": 34, "walk": 11, "ride": 4}
    members: Members = {}
    rows = []
    for n, did in enumerate(history):
        if did.has_track:
            members[f"activity_files/{n}.gpx"] = gpx(did)
        start = did.local if is_local else did.start
        end = start + dt.timedelta(seconds=did.seconds)
        rows.append(
            {"id": n, "name": "x", "distance": did.metres, "activity_type": codes[did.sport],
             "start_time": f"{start:%Y-%m-%dT%H:%M:%S}", "end_time": f"{end:%Y-%m-%dT%H:%M:%S}",
             "timezone": did.zone, "total_elapsed_time": did.seconds,
             "total_timer_time": did.seconds}
        )  # fmt: skip
    return {**members, "data/activities.json": json.dumps(rows).encode()}


def database(script: Callable[[sqlite3.Connection], None]) -> bytes:
    """Bytes of a database that a function fills."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.db")
        with contextlib.closing(sqlite3.connect(path)) as open_:
            script(open_)
            open_.commit()
        return path.read_bytes()


def gadgetbridge(history: Sequence[Did], columns: Mapping[str, str] | None = None) -> Members:
    """Gadgetbridge's database; `columns` renames some."""
    codes = {"run": 16, "trail": 16, "treadmill": 256, "walk": 32, "ride": 128}
    names = ["_id", "NAME", "START_TIME", "END_TIME", "ACTIVITY_KIND", "GPX_TRACK", "SUMMARY_DATA"]
    names = [(columns or {}).get(name, name) for name in names]
    members: Members = {}
    rows = []
    for n, did in enumerate(history):
        track = f"gadgetbridge-track-{did.local:%Y-%m-%dT%H_%M_%S}.gpx" if did.has_track else None
        if track:
            members[f"files/{track}"] = gpx(did, sport="running" if did.is_run else "")
        told = {
            "distanceMeters": {"value": did.metres, "unit": "meters"},
            "activeSeconds": {"value": did.seconds, "unit": "seconds"},
        }
        path = f"/storage/emulated/0/files/{track}" if track else None
        end = did.ms + 1000 * did.seconds
        rows.append([n, "x", did.ms, end, codes[did.sport], path, json.dumps(told)])

    def fill(open_: sqlite3.Connection) -> None:
        open_.execute(f"create table BASE_ACTIVITY_SUMMARY({', '.join(names)})")
        marks = ", ".join("?" * len(names))
        open_.executemany(f"insert into BASE_ACTIVITY_SUMMARY values({marks})", rows)

    return {"database/Gadgetbridge": database(fill), **members}


def health_connect(history: Sequence[Did], columns: Mapping[str, str] | None = None) -> Members:
    """Health Connect's database; another app wrote the same metres once more."""
    codes = {"run": 33, "trail": 33, "treadmill": 34, "walk": 53, "ride": 4}
    names = ["row_id", "app_info_id", "start_time", "start_zone_offset", "end_time",
             "exercise_type", "title"]  # fmt: skip
    names = [(columns or {}).get(name, name) for name in names]

    def fill(open_: sqlite3.Connection) -> None:
        open_.execute(f"create table exercise_session_record_table({', '.join(names)})")
        open_.execute(
            "create table distance_record_table(app_info_id, start_time, end_time, distance)"
        )
        for n, did in enumerate(history):
            end = did.ms + 1000 * did.seconds
            row = (n, 1, did.ms, did.offset_s, end, codes[did.sport], "x")
            open_.execute("insert into exercise_session_record_table values(?,?,?,?,?,?,?)", row)
            middle = did.ms + 500 * did.seconds
            for app, begin, until, metres in (
                (1, did.ms, middle, did.metres / 2),
                (1, middle, end, did.metres / 2),
                (2, did.ms, end, did.metres),
            ):
                open_.execute(
                    "insert into distance_record_table values(?,?,?,?)", (app, begin, until, metres)
                )

    return {"health_connect_export.db": database(fill)}


def trainingpeaks(history: Sequence[Did]) -> Members:
    """TrainingPeaks' table, with a planned workout that was not done."""
    words = {"walk": "Walk", "ride": "Bike"}
    header = (
        "Title,WorkoutType,WorkoutDescription,PlannedDuration,PlannedDistanceInMeters,WorkoutDay,"
        "CoachComments,DistanceInMeters,TimeTotalInHours,HeartRateAverage,HeartRateMax,Rpe"
    )
    rows: list[Sequence[Any]] = [header.split(",")]
    rows += [
        ["x", words.get(d.sport, "Run"), "", "", "", f"{d.local:%Y-%m-%d}", "", d.metres,
         f"{d.seconds / 3600:.6f}", 148, "", ""] for d in history
    ]  # fmt: skip
    day = history[-1].local + dt.timedelta(days=1)
    rows.append(["Tempo", "Run", "", 1, 12000, f"{day:%Y-%m-%d}", "", "", "", "", "", ""])
    return {"workouts.csv": table(rows)}


def mapmyrun(history: Sequence[Did], unit: str = "mi") -> Members:
    """MapMyRun's table, with days alone."""
    words = {"run": "Run", "trail": "Trail Run", "treadmill": "Treadmill Run", "walk": "Walk",
             "ride": "Bike Ride"}  # fmt: skip
    header = (
        f"Date Submitted,Workout Date,Activity Type,Calories Burned (kCal),Distance ({unit}),"
        "Workout Time (seconds),Avg Pace,Avg Heart Rate,Steps,Notes,Source,Link"
    )
    rows: list[Sequence[Any]] = [header.split(",")]
    for did in history:
        day = f"{did.local:%b}. {did.local.day}, {did.local.year}"
        distance = did.metres / (1000 if unit == "km" else MI)
        rows.append(
            [day, day, words[did.sport], 500, f"{distance:.5f}", did.seconds, 8.5, 148, 8000,
             "b'x'", "MapMyRun iPhone", "x"]
        )  # fmt: skip
    return {"user1_workout_history.csv": table(rows)}


def fitlog(history: Sequence[Did]) -> Members:
    """SportTracks' log book."""
    words = {"run": "Running", "trail": "Trail Running", "treadmill": "Treadmill", "walk": "Walk",
             "ride": "Ride"}  # fmt: skip
    activities = "".join(
        f'<Activity StartTime="{d.start:%Y-%m-%dT%H:%M:%SZ}"><Duration TotalSeconds="{d.seconds}"/>'
        f'<Distance TotalMeters="{d.metres}"/><Category Name="{words[d.sport]}"/></Activity>'
        for d in history
    )
    return {
        "log.fitlog": (
            '<?xml version="1.0"?><FitnessWorkbook xmlns="http://www.zonefivesoftware.com/'
            f'xmlschemas/FitnessLogbook/v2"><AthleteLog>{activities}</AthleteLog></FitnessWorkbook>'
        ).encode()
    }


def pwx(history: Sequence[Did]) -> Members:
    """PWX files, in local time."""
    words = {"walk": "Walk", "ride": "Bike"}
    return {
        f"{n}.pwx": (
            '<?xml version="1.0"?><pwx xmlns="http://www.peaksware.com/PWX/1/0"><workout>'
            f"<sportType>{words.get(d.sport, 'Run')}</sportType>"
            f"<time>{d.local:%Y-%m-%dT%H:%M:%S}</time><summarydata><duration>{d.seconds}</duration>"
            f"<dist>{d.metres}</dist></summarydata></workout></pwx>"
        ).encode()
        for n, d in enumerate(history)
    }


def goldencheetah(history: Sequence[Did]) -> Members:
    """GoldenCheetah's files."""
    words = {"walk": "Walk", "ride": "Bike"}
    members = {}
    for did in history:
        times = [*range(0, did.seconds, 30), did.seconds]
        ride = {
            "STARTTIME": f"{did.start:%Y/%m/%d %H:%M:%S} UTC ", "RECINTSECS": 1, "DEVICETYPE": "x",
            "TAGS": {"Sport": words.get(did.sport, "Run")}, "OVERRIDES": [],
            "SAMPLES": [
                {"SECS": t, "KM": did.metres * t / did.seconds / 1000, "HR": 148} for t in times
            ],
        }  # fmt: skip
        name = f"Athlete/activities/{did.start:%Y_%m_%d_%H_%M_%S}.json"
        members[name] = b"\xef\xbb\xbf" + json.dumps({"RIDE": ride}).encode()
    return members


#: Every form, by name.
WRITERS: dict[str, Callable[[Sequence[Did]], Members]] = {
    "runkeeper": runkeeper,
    "runkeeper in miles": lambda history: runkeeper(history, "mi"),
    "garmin csv": lambda history: garmin_csv(history, has_steps=True),
    "garmin csv in miles": lambda history: garmin_csv(history, "mi", has_steps=True),
    "garmin csv de": lambda history: garmin_csv(history, "km", "de", ",", has_steps=True),
    "garmin csv es": lambda history: garmin_csv(history, "km", "es", has_steps=True),
    "samsung": samsung,
    "fitbit table": fitbit_table,
    "fitbit json": fitbit_json,
    "fitbit json in miles": lambda history: fitbit_json(history, unit="mi"),
    "fitbit both": fitbit_both,
    "fitbit both, local": lambda history: fitbit_both(history, is_local=True),
    "adidas": adidas,
    "adidas before 2020": lambda history: adidas(history, has_gpx=False),
    "google fit": google_fit,
    "zepp": zepp,
    "huawei": huawei,
    "huawei before 2020": lambda history: huawei(history, is_old=True),
    "fittrackee": fittrackee,
    "endurain": endurain,
    "endurain, local": lambda history: endurain(history, is_local=True),
    "gadgetbridge": gadgetbridge,
    "health connect": health_connect,
    "trainingpeaks": trainingpeaks,
    "mapmyrun": mapmyrun,
    "mapmyrun in km": lambda history: mapmyrun(history, "km"),
    "fitlog": fitlog,
    "pwx": pwx,
    "goldencheetah": goldencheetah,
}
