"""Small frames of made-up activities, in the shape that `loadmon.read` gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Day, day_of, with_unknown_days
from loadmon.io.archive import Archive
from loadmon.rules.context import RunDays
from loadmon.rules.engine import build_context
from loadmon.rules.weekly_change import usual_week

TEXT = [
    *("activity_id", "tz_source", "sport", "sub_sport", "distance_source", "maker", "file"),
    "flags",
]
ROW = {
    "utc_offset_min": 0.0,
    "tz_source": "file",
    "sport": "running",
    "sub_sport": "",
    "distance_km": float("nan"),
    "distance_source": "session",
    "duration_min": float("nan"),
    "elapsed_min": float("nan"),
    "elevation_gain_m": float("nan"),
    "descent_m": float("nan"),
    "downhill_m": float("nan"),
    "avg_hr_bpm": float("nan"),
    "hr_coverage": 0.0,
    "steps": float("nan"),
    "rpe": float("nan"),
    "srpe": float("nan"),
    "trimp": float("nan"),
    "above_threshold_min": float("nan"),
    "maker": "",
    "flags": "",
}
COLUMNS = ["activity_id", "start_utc", "date", *list(ROW)[:-1], "file", "flags"]


def activities(
    sessions: Iterable[tuple[str, float] | tuple[str, float, str] | dict[str, object]],
    *,
    unknown_days: Sequence[str] = (),
    minutes_per_km: float = 6.0,
) -> pd.DataFrame:
    """Activities from ``(day, km)``, ``(day, km, sport)`` or dicts of columns, in order of start.

    A dict needs ``date``; the rest is filled in. Sessions of one day start an hour apart.
    """
    rows = []
    for n, session in enumerate(sessions):
        if not isinstance(session, dict):
            session = dict(zip(("date", "distance_km", "sport"), session, strict=False))
        row = {**ROW, "activity_id": f"a{n}", "file": f"{n}.fit", **session}
        row["date"] = pd.Timestamp(str(row["date"]))
        row.setdefault("start_utc", row["date"] + pd.Timedelta(hours=7 + n % 12))
        if pd.isna(row["duration_min"]) and "duration_min" not in session:
            row["duration_min"] = float(row["distance_km"]) * minutes_per_km
        rows.append(row)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    numbers = [c for c in COLUMNS if c not in (*TEXT, "start_utc", "date")]
    types = dict.fromkeys(TEXT, "str") | dict.fromkeys(numbers, "float64")
    frame = frame.astype(types | {"date": "datetime64[us]"})
    frame["start_utc"] = pd.to_datetime(frame["start_utc"], utc=True).dt.as_unit("us")
    frame = frame.sort_values("start_utc", ignore_index=True)
    return with_unknown_days(frame, map(day_of, unknown_days), are_all=True)


def days(loads: Iterable[float], *, first: str = "2026-01-01") -> pd.Series:
    """Return a daily load with one value a day."""
    values = [float(x) for x in loads]
    index = pd.date_range(first, periods=len(values), freq="D", unit="us", name="date")
    return pd.Series(values, index=index, name="load", dtype="float64")


def runs(loads: Iterable[float], *, first: str = "2026-01-01", **options: object) -> pd.DataFrame:
    """One run on every day whose load is above 0; nothing on the others."""
    daily = days(loads, first=first)
    sessions = [(f"{day:%Y-%m-%d}", km) for day, km in daily.items() if km > 0]
    return activities(sessions, **options)  # type: ignore[arg-type]


def ledger(*outcomes: str) -> pd.DataFrame:
    """Ledger with one row for each outcome."""
    rows = [(f"{n}.fit", outcome, "", "", "") for n, outcome in enumerate(outcomes)]
    columns = ["file", "outcome", "reason", "detail", "activity_id"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def archive(
    frame: pd.DataFrame, *outcomes: str, rested_until: str | None = None, **words: object
) -> Archive:
    """Archive of `frame`, whose ledger holds one row for each outcome.

    `rested_until`: day up to which the runner says that silent days were rest; `words` are the
    athlete's own, as `loadmon.Athlete` takes them.
    """
    made = Archive(frame, ledger(*outcomes), athlete=Athlete(**words))  # type: ignore[arg-type]
    return made if rested_until is None else replace(made, rest_stated_until=day_of(rested_until))


def archive_of_runs(
    loads: Iterable[float], *, rested_until: str | None = None, **options: object
) -> Archive:
    """Archive with one run on every day whose load is above 0."""
    return archive(runs(loads, **options), rested_until=rested_until)  # type: ignore[arg-type]


def unknown_days(archive: Archive) -> list[str]:
    """Days that an archive knows to be unknown, once each, as ISO text."""
    assert archive.unknown_days is not None
    return [f"{day:%Y-%m-%d}" for day in archive.unknown_days["date"].unique()]


def rule_days(
    frame: pd.DataFrame,
    as_of: Day | None = None,
    own: Mapping[str, float] | None = None,
    *,
    rested_until: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the rules compute for every day of some activities, and which flags they raise."""
    context = build_context(archive(frame, rested_until=rested_until, limits=own or {}), as_of)
    return context.values, context.flags == 1


def usual_weeks(load: pd.Series) -> pd.DataFrame:
    """Every day's week against the usual one."""
    x = load.to_numpy(dtype=float)[:, None]
    found = usual_week(RunDays(x, (x > 0).astype("int64"), x > 0, x, x == x))
    return pd.DataFrame({name: column[:, 0] for name, column in found.items()}, index=load.index)
