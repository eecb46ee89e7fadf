#!/usr/bin/env bash
# runpandas 0.6.0: a GPX whose times have an offset is read without any time.
#
# Guess: 08:00:00+02:00 is read as 06:00 UTC, and the run lasts 300 s, as with 06:00:00Z.
# Saw:   every time is NaT, and so are start and elapsed time; no warning, and all 301 points are there. With
#        Z: 300 s. (pandas 2.3.3: with pandas 3.1.1 no GPX is read at all, TypeError.)
# Ours:  weeks made from its start lack such runs, or put them on no day.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check \
    runpandas==0.6.0 pandas==2.3.3 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version
from pathlib import Path

import runpandas


def read(hour, zone):
    start = dt.datetime(2026, 3, 1, hour)
    points = "".join(
        f'<trkpt lat="{50 + i * 3 / 111_195:.7f}" lon="10"><ele>100</ele>'
        f"<time>{start + dt.timedelta(seconds=i):%Y-%m-%dT%H:%M:%S}{zone}</time></trkpt>"
        for i in range(301)
    )
    Path("made_up.gpx").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>"
    )
    run = runpandas.read_file("made_up.gpx")
    return len(run), str(run.start), str(run.ellapsed_time), int(run.index.isna().sum())


utc, offset = read(6, "Z"), read(8, "+02:00")
print("runpandas", version("runpandas"), "pandas", version("pandas"), "points, start, elapsed, times missing")
print("06:00Z:", utc)
print("08:00+02:00:", offset)
sys.exit(not (utc[2:] == ("0 days 00:05:00", 0) and offset == (301, "NaT", "NaT", 301)))
PY
