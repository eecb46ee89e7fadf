"""Small frames of made-up activities, in the shape that `loadmon.read` gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Day
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
    rested_until: str | None = None,
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
    if unknown_days:
        frame.attrs["unknown_days"] = list(unknown_days)
    if rested_until is not None:
        frame.attrs["rested_until"] = rested_until
    return frame


def days(loads: Iterable[float], *, first: str = "2026-01-01") -> pd.Series:
    """Return a daily load with one value a day."""
    values = [float(x) for x in loads]
    index = pd.date_range(first, periods=len(values), freq="D", unit="us", name="date")
    return pd.Series(values, index=index, name="load", dtype="float64")


def runs(loads: Iterable[float], *, first: str = "2026-01-01", **attrs: object) -> pd.DataFrame:
    """One run on every day whose load is above 0; nothing on the others."""
    daily = days(loads, first=first)
    sessions = [(f"{day:%Y-%m-%d}", km) for day, km in daily.items() if km > 0]
    return activities(sessions, **attrs)  # type: ignore[arg-type]


def ledger(*outcomes: str) -> pd.DataFrame:
    """Ledger with one row for each outcome."""
    rows = [(f"{n}.fit", outcome, "", "", "") for n, outcome in enumerate(outcomes)]
    columns = ["file", "outcome", "reason", "detail", "activity_id"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def archive(frame: pd.DataFrame, *outcomes: str, **words: object) -> Archive:
    """Archive of `frame`, whose ledger holds one row for each outcome.

    `words` are the athlete's own, as `loadmon.Athlete` takes them.
    """
    return Archive(frame, ledger(*outcomes), athlete=Athlete(**words))  # type: ignore[arg-type]


def rule_days(
    frame: pd.DataFrame, as_of: Day | None = None, own: Mapping[str, float] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the rules compute for every day of some activities, and which flags they raise."""
    context = build_context(archive(frame, limits=own or {}), as_of)
    return context.values, context.flags == 1


def usual_weeks(load: pd.Series) -> pd.DataFrame:
    """Every day's week against the usual one."""
    x = load.to_numpy(dtype=float)[:, None]
    found = usual_week(RunDays(x, (x > 0).astype("int64"), x, x == x))
    return pd.DataFrame({name: column[:, 0] for name, column in found.items()}, index=load.index)
