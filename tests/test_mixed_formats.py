"""One runner's history as FIT, as GPX, and as a mix of both: no spike is only the format."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pandas as pd
import pytest
from writers import run_fit, run_gpx

from loadmon.io.archive import Archive
from loadmon.io.fit.frames import read_fit
from loadmon.io.parse import ParsedActivity, parse_input
from loadmon.io.read import read
from loadmon.rules.engine import check
from loadmon.rules.session_spike import session_spikes
from loadmon.weekly import weekly_load

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
FIRST = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
CORPUS = Path(os.environ.get("LOADMON_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
_WEEKS, _DAYS = 8, (0, 2, 6)


def history(folder: Path, form: str) -> Archive:
    """Eight weeks of three equal runs; in a mix, FIT for five weeks and GPX from then on."""
    folder.mkdir()
    for week in range(_WEEKS):
        for day in _DAYS:
            start = FIRST + dt.timedelta(days=7 * week + day)
            size = {"distance_km": 8.0 + (day == 6) * 4, "duration_min": 48 + (day == 6) * 24}
            is_fit = form == "fit" or (form == "mixed" and week < 5)
            name = f"{start:%Y%m%d}.{'fit' if is_fit else 'gpx'}"
            data = (
                run_fit(start, offset_min=0, seed=day, step_s=10, **size)
                if is_fit
                else run_gpx(start, seed=day, step_s=10, **size)
            )
            (folder / name).write_bytes(data)
    return read(folder, cache=False, now=NOW)


def test_a_history_of_both_forms_raises_no_flag_that_neither_raises(tmp_path: Path) -> None:
    archives = {form: history(tmp_path / form, form) for form in ("fit", "gpx", "mixed")}
    day = FIRST.date() + dt.timedelta(days=7 * _WEEKS - 1)
    flagged = {
        form: set(frame.loc[frame["verdict"] == "flagged", "check"])
        for form, archive in archives.items()
        for frame in [check(archive, as_of=day.isoformat()).to_frame()]
    }
    assert flagged["mixed"] <= flagged["fit"] & flagged["gpx"]
    levels = [session_spikes(a.activities)["level"].tolist() for a in archives.values()]
    assert levels[0] == levels[1] == levels[2]
    # Of 8 weeks of three runs, nine runs are in the first 21 days.
    assert levels[0] == ["no_baseline"] * 9 + ["none"] * 15
    weeks = weekly_load(archives["mixed"].activities)["distance_km"]
    assert weeks.max() / weeks.min() < 1.02


def _as_gpx(fit: Path) -> bytes:
    records = read_fit(fit)["record"]
    known = records[records["position_lat"].notna() & records["position_long"].notna()]
    scale = 180 / 2**31 if known["position_lat"].abs().max() > 180 else 1.0
    points = (
        f'<trkpt lat="{lat * scale:.7f}" lon="{lon * scale:.7f}">'
        f"<time>{pd.Timestamp(time):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for time, lat, lon in zip(
            known["timestamp"], known["position_lat"], known["position_long"], strict=True
        )
    )
    track = f"<trk><type>running</type><trkseg>{''.join(points)}</trkseg></trk>"
    return f'<gpx creator="x">{track}</gpx>'.encode()


def test_a_real_run_is_as_long_in_either_form() -> None:
    folder = CORPUS / "histories" / "athlete_a" / "fit"
    if not folder.is_dir():
        pytest.skip(f"no corpus in {CORPUS}")
    compared = []
    for file in sorted(folder.glob("*.fit"))[::14]:
        (own,) = parse_input(file.name, file.read_bytes()).parts[:1]
        if not isinstance(own, ParsedActivity) or own.sport != "running" or own.place is None:
            continue
        (other,) = parse_input("a.gpx", _as_gpx(file)).parts
        assert isinstance(other, ParsedActivity)
        compared.append(other.numbers["distance_km"] / own.numbers["distance_km"])
    assert len(compared) >= 6
    # Points add the noise of their positions; a small spike is a tenth.
    assert abs(pd.Series(compared).median() - 1) < 0.03
    assert pd.Series(compared).between(0.91, 1.10).mean() > 0.9
