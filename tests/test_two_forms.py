"""The same run as FIT and as GPX: two forms, one run, and no spike that is only the form."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from corpus import corpus_folder
from made import activities
from writers import activity_messages, made_up_points, run_gpx, write_fit

from loadmon import session_spikes
from loadmon.io.fit.activity import fit_recordings
from loadmon.io.parse import ParsedActivity, parse_input
from loadmon.io.read import read
from loadmon.io.recording import Recording

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)


def parsed(name: str, data: bytes) -> ParsedActivity:
    (part,) = parse_input(name, data).parts
    assert isinstance(part, ParsedActivity)
    return part


def parsed_km(name: str, data: bytes) -> float:
    return float(parsed(name, data).numbers["distance_km"])


def gpx_of(run: Recording) -> bytes:
    """Return the bare positions of a recording as a GPX, as an app would export them."""
    points = []
    for at, lat, lon in zip(
        run.time, run.streams["latitude_deg"], run.streams["longitude_deg"], strict=True
    ):
        if lat == lat and lon == lon:
            when = dt.datetime.fromtimestamp(float(at), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            points.append(f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{when}</time></trkpt>')
    head = '<gpx version="1.1" creator="app"><trk><type>running</type><trkseg>'
    return f"{head}{''.join(points)}</trkseg></trk></gpx>".encode()


def levels(kilometres: list[float]) -> set[str]:
    """Levels of a run every other day for seven weeks, in one form after the other."""
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=2 * n) for n in range(25)]
    sessions = [(f"{day}", kilometres[n % len(kilometres)]) for n, day in enumerate(days)]
    return set(session_spikes(activities(sessions))["level"])


def test_a_made_run_is_as_long_in_both_forms_and_mixing_them_is_no_spike() -> None:
    asked = {"distance_km": 8.0, "duration_min": 46, "step_s": 5, "seed": 3}
    fit = parsed_km("a.fit", write_fit(activity_messages(START, offset_min=60, **asked)))
    gpx = parsed_km("a.gpx", run_gpx(START, **asked))
    assert gpx == pytest.approx(fit, rel=0.03)
    assert levels([fit, gpx, gpx, fit]) <= {"none", "no_baseline"}


def test_both_forms_of_one_run_count_once(tmp_path: Path) -> None:
    asked = {"distance_km": 8.0, "duration_min": 46, "step_s": 5}
    (tmp_path / "a.fit").write_bytes(write_fit(activity_messages(START, offset_min=60, **asked)))
    (tmp_path / "b.gpx").write_bytes(run_gpx(START, **asked))
    archive = read(tmp_path, cache=False)
    assert archive.activities["file"].str.endswith("a.fit").tolist() == [True]
    assert len(made_up_points(START, **asked)) > 100


@pytest.mark.slow
def test_real_runs_over_two_kilometres_are_as_long_in_both_forms() -> None:
    apart = []
    for folder in ("athlete_a", "athlete_b"):
        for path in sorted((corpus_folder() / "histories" / folder / "fit").glob("*.fit"))[::6]:
            (run, *_) = fit_recordings(path.read_bytes())
            if not isinstance(run, Recording) or run.sport != "running":
                continue
            if "latitude_deg" not in run.streams or not run.summary.get("distance_m", 0) > 2000:
                continue
            whole = parsed("a.fit", path.read_bytes())
            if "dist-disagree" in whole.issues:  # its positions are of a part of it
                continue
            fit, gpx = float(whole.numbers["distance_km"]), parsed_km("a.gpx", gpx_of(run))
            apart.append(gpx / fit - 1)
            assert levels([fit, fit, gpx]) <= {"none", "no_baseline"}, path.name
    assert len(apart) > 40
    assert abs(np.median(apart)) < 0.005
    assert min(apart) > -0.1
    assert max(apart) < 0.06
