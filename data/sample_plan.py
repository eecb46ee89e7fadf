"""The story of the sample archive as a list of sessions: one made-up runner, one made-up year.

Monday 6 October 2025 to Sunday 11 October 2026, local time of Europe/Berlin. The runner grows from
20 to 30 km a week, with an easier week in four; runs 16 km on 8 March after nothing above 10.5 km,
and adds a third to the week; stops with low back pain after 26 March; walks and rides for five
weeks; comes back from 1 May with short walk-runs; builds over the summer; and ends with 14.2 km
where the longest of the 30 days before was 10.1 km.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
FIRST_MONDAY = dt.date(2025, 10, 6)
SEED = 2025

#: Distance of the week and of its long run on Sunday [km], and the number of runs.
WEEKS = (
    (20.0, 7.0, 3), (21.1, 7.4, 4), (22.3, 7.8, 4), (18.2, 6.5, 3),
    (22.8, 8.0, 4), (24.1, 8.4, 4), (24.9, 8.8, 4), (20.4, 7.2, 3),
    (25.0, 9.0, 4), (26.3, 9.3, 4), (27.1, 9.5, 4), (18.0, 7.0, 3),
    (22.0, 8.6, 3), (26.8, 9.4, 4), (27.9, 9.6, 4), (28.4, 9.9, 4),
    (22.7, 8.0, 3), (28.6, 10.0, 4), (29.3, 10.2, 4), (30.2, 10.5, 4),
    (24.3, 8.5, 3), (33.5, 16.0, 4), (42.0, 12.0, 5), (36.5, 11.5, 5),
    (0.0, 0.0, 0), (0.0, 0.0, 0), (0.0, 0.0, 0), (0.0, 0.0, 0),
    (0.0, 0.0, 0), (0.0, 0.0, 0), (6.8, 2.4, 3), (7.4, 2.6, 3),
    (8.0, 2.8, 3), (8.6, 3.0, 3), (9.5, 3.3, 3), (10.4, 3.6, 3),
    (11.3, 3.9, 3), (10.4, 3.6, 3), (12.2, 4.25, 3), (15.2, 4.65, 4),
    (16.9, 5.1, 4), (15.0, 4.8, 4), (17.9, 5.6, 4), (19.5, 6.1, 4),
    (21.4, 6.7, 4), (19.0, 7.3, 3), (23.0, 8.0, 4), (25.0, 8.7, 3),
    (26.3, 9.4, 4), (28.1, 10.1, 4), (24.0, 8.4, 3), (29.6, 9.8, 4),
    (34.1, 14.2, 4),
)  # fmt: skip
#: Days of the week (Monday is 0) of the runs before the long one on Sunday.
SHORT_DAYS = {0: (), 3: (1, 4), 4: (1, 3, 4), 5: (0, 1, 3, 5)}

#: Runs outside the pattern of weeks: day, distance [km], note.
ODD_RUNS = (
    (dt.date(2026, 3, 24), 7.0, "Lower back tight since Sunday"),
    (dt.date(2026, 3, 26), 4.2, "Cut short, low back pain"),
    (dt.date(2026, 5, 1), 2.0, "First steps after five weeks"),
    (dt.date(2026, 5, 3), 2.2, ""),
)
#: Walks and rides that fill the lay-off: day, sport, distance [km], time [min].
LAYOFF = (
    (dt.date(2026, 3, 31), "walking", 3.1, 38),
    (dt.date(2026, 4, 5), "walking", 4.0, 49),
    (dt.date(2026, 4, 9), "walking", 4.6, 55),
    (dt.date(2026, 4, 12), "cycling", 14.5, 46),
    (dt.date(2026, 4, 16), "walking", 5.2, 61),
    (dt.date(2026, 4, 19), "cycling", 18.2, 55),
    (dt.date(2026, 4, 23), "walking", 5.0, 58),
    (dt.date(2026, 4, 27), "walking", 5.5, 63),
)
SPIKE_DAY = dt.date(2026, 3, 8)
RETURN_DAY = dt.date(2026, 5, 1)
WALK_RUN_UNTIL = dt.date(2026, 5, 31)
TRUNCATED_DAY = dt.date(2025, 11, 27)


@dataclass(frozen=True, slots=True)
class Session:
    """One session as it was run, walked, ridden or lifted: the truth behind one file.

    `start` is aware local time, `distance_km` NaN-free (0 for strength), `rpe` CR10 or None,
    `form` the file's ending (``fit.gz``, ``gpx``, ``gpx.gz``, ``tcx.gz``). Where `readable` is
    False the file is cut off, and nobody can know the distance from it.
    """

    start: dt.datetime
    sport: str
    sub_sport: str
    distance_km: float
    duration_min: float
    heart_rate: int
    rpe: float | None
    form: str
    name: str
    note: str = ""
    readable: bool = True

    @property
    def date(self) -> dt.date:
        """Local day."""
        return self.start.date()

    @property
    def start_utc(self) -> dt.datetime:
        """Start in UTC."""
        return self.start.astimezone(dt.UTC)


def planned_sessions() -> list[Session]:
    """All sessions in order of start, the same on every call and every machine."""
    rng = random.Random(SEED)
    runs = sorted([*_runs_of_weeks(rng), *ODD_RUNS])
    sessions = [_run(rng, i, *run) for i, run in enumerate(runs)]
    sessions += [_cross(rng, *row) for row in LAYOFF]
    sessions += _extras(rng)
    return sorted(sessions, key=lambda session: session.start)


def _runs_of_weeks(rng: random.Random) -> list[tuple[dt.date, float, str]]:
    """Day and distance of each run that follows the weekly pattern."""
    out = []
    for week, (total, longest, runs) in enumerate(WEEKS):
        monday = FIRST_MONDAY + dt.timedelta(weeks=week)
        days = SHORT_DAYS[runs]
        for day, km in zip(days, _split(rng, total - longest, len(days)), strict=True):
            out.append((monday + dt.timedelta(days=day), km, ""))
        if runs:
            out.append((monday + dt.timedelta(days=6), longest, ""))
    return out


def _split(rng: random.Random, total_km: float, parts: int) -> list[float]:
    """Split a distance into nearly equal runs, in tens of metres, that add up to it."""
    if not parts:
        return []
    shares = [rng.randint(93, 107) for _ in range(parts)]
    tens = round(total_km * 100)
    kept = [tens * share // sum(shares) for share in shares]
    kept[-1] += tens - sum(kept)
    return [ten / 100 for ten in kept]


def _run(rng: random.Random, number: int, day: dt.date, km: float, note: str) -> Session:
    """One run; weekends start in the morning, working days after work."""
    walk_run = RETURN_DAY <= day <= WALK_RUN_UNTIL
    long_run = km > 8 and day.weekday() == 6
    pace_s = 470 if walk_run else rng.randint(358, 384)
    form = _form(number, exact=day >= dt.date(2026, 9, 14) or day == SPIKE_DAY)
    indoors = form == "fit.gz" and day.month in (12, 1, 2) and number % 5 == 0
    name = "Walk-run" if walk_run else "Long run" if long_run else "Easy run"
    return Session(
        start=_start(rng, day),
        sport="running",
        sub_sport="treadmill" if indoors else "trail" if number % 23 == 11 else "generic",
        distance_km=km,
        duration_min=round(km * pace_s) / 60,
        heart_rate=138 if walk_run else rng.randint(143, 150) + 4 * long_run,
        rpe=_effort(rng, day, long_run) if form == "fit.gz" else None,
        form=form,
        name="Treadmill run" if indoors else name,
        note=note,
    )


def _form(number: int, *, exact: bool) -> str:
    """File ending of a run; those of the last weeks are FIT, which keep their distance exactly."""
    if exact:
        return "fit.gz"
    return {3: "gpx", 6: "tcx.gz", 9: "gpx.gz"}.get(number % 11, "fit.gz")


def _effort(rng: random.Random, day: dt.date, long_run: bool) -> float | None:
    """CR10 from the day the watch began to ask; forgotten now and then."""
    answered = rng.randint(1, 10) <= 8
    if day < dt.date(2026, 1, 5) or not answered:
        return None
    return 8 if day == SPIKE_DAY else rng.randint(3, 4) + 2 * long_run


def _cross(rng: random.Random, day: dt.date, sport: str, km: float, minutes: float) -> Session:
    """One walk or ride."""
    name = {"walking": "Walk", "cycling": "Ride"}[sport]
    rate = {"walking": 97, "cycling": 124}[sport]
    return Session(_start(rng, day), sport, "generic", km, minutes, rate, None, "fit.gz", name)


def _extras(rng: random.Random) -> list[Session]:
    """Strength on some Wednesdays, a walk or a ride on some Saturdays, and the broken file."""
    out = []
    for week in range(len(WEEKS)):
        wednesday = FIRST_MONDAY + dt.timedelta(weeks=week, days=2)
        saturday = wednesday + dt.timedelta(days=3)
        if week % 3 == 1 or 25 <= week <= 36:
            out.append(_strength(rng, wednesday))
        if week % 4 == 2 and not 22 <= week <= 29:
            sport, km, minutes = [("walking", 5.4, 64), ("cycling", 21.5, 66)][week // 4 % 2]
            out.append(_cross(rng, saturday, sport, km, minutes))
    broken = Session(_start(rng, TRUNCATED_DAY), "running", "generic", 5.4, 33.5, 146, None,
                     "fit.gz", "Easy run", readable=False)  # fmt: skip
    return [*out, broken]


def _strength(rng: random.Random, day: dt.date) -> Session:
    """One strength session of about 25 minutes at home."""
    minutes = rng.randint(22, 28)
    return Session(_start(rng, day), "training", "strength_training", 0.0, minutes, 104,
                   rng.randint(3, 5), "fit.gz", "Core and hips")  # fmt: skip


def _start(rng: random.Random, day: dt.date) -> dt.datetime:
    """Local start: after nine at the weekend, after six in the evening on working days."""
    hour = 9 if day.weekday() >= 5 else 18
    clock = dt.time(hour, rng.randint(2, 48), rng.randint(0, 59), tzinfo=ZONE)
    return dt.datetime.combine(day, clock)
