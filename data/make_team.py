"""Make ``sample_team/``: the exports of six made-up runners of one team, for a coach's table.

Run it as ``python data/make_team.py``; the same bytes on every machine (see make_sample.py).
All six ran from Monday 3 August 2026, four months at most. Up to Sunday 11 October 2026: Ana keeps
even weeks; Ben ends with 16 km after nothing above 11; Cleo comes back from three weeks off with
her old long run; Dan's export ends five weeks early; Eva has a file that is cut off in her last
week; and Finn's zip is cut off itself.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

from writers import run_fit

TARGET = Path(__file__).with_name("sample_team")
MONDAY = dt.date(2026, 8, 3)
WEEKS = 10
#: Local time minus UTC [min], and minutes a kilometre.
OFFSET_MIN, PACE = 120, 6.0
EXPORTED = (2026, 10, 12, 6, 0, 0)

#: Days of the week (Monday is 0) with the distance run on them. [km]
EVEN = {1: 6.0, 3: 7.0, 6: 11.0}
Plan = dict[dt.date, float]


def even_weeks(*, scale: float = 1.0, weeks: int = WEEKS) -> Plan:
    """Make the same week again and again."""
    return {
        MONDAY + dt.timedelta(days=7 * week + day): round(km * scale, 1)
        for week in range(weeks)
        for day, km in EVEN.items()
    }


def ben() -> Plan:
    """Run 16 km on the last Sunday."""
    plan = even_weeks()
    return plan | {max(plan): 16.0}


def cleo() -> Plan:
    """Rest for three weeks, then run the old long run at once."""
    plan = even_weeks(scale=0.9)
    last = sorted(plan)[-1]
    first = last - dt.timedelta(days=22)
    return {day: km for day, km in plan.items() if day < first or day == last}


def make_team() -> dict[str, bytes]:
    """Bytes of each athlete's zip, by its name."""
    return {
        "ana.zip": _export(even_weeks()),
        "ben.zip": _export(ben()),
        "cleo.zip": _export(cleo()),
        "dan.zip": _export(even_weeks(scale=1.2, weeks=5)),
        "eva.zip": _export(even_weeks(scale=0.8), cut_off=-2),
        "finn.zip": _export(even_weeks(weeks=3))[:5000],
    }


def _export(plan: Plan, *, cut_off: int | None = None) -> bytes:
    """Zip with a FIT file for each run; one of them may be cut off."""
    files = [_run(day, km, seed) for seed, (day, km) in enumerate(sorted(plan.items()))]
    if cut_off is not None:
        files[cut_off] = files[cut_off][: len(files[cut_off]) * 3 // 5]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, (day, contents) in enumerate(zip(sorted(plan), files, strict=True)):
            entry = zipfile.ZipInfo(f"{day:%Y-%m-%d}-{number:03d}.fit", EXPORTED)
            entry.create_system = 3
            archive.writestr(entry, contents)
    return out.getvalue()


def _run(day: dt.date, km: float, seed: int) -> bytes:
    """FIT file of one run at seven in the evening."""
    start = dt.datetime.combine(day, dt.time(17), dt.UTC)
    return run_fit(
        start, offset_min=OFFSET_MIN, distance_km=km, duration_min=km * PACE, step_s=120, seed=seed
    )


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for name, contents in make_team().items():
        (TARGET / name).write_bytes(contents)
        print(f"{TARGET / name}: {len(contents)} bytes")
