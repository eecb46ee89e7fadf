#!/usr/bin/env bash
# gpxpy 1.6.2: a stop at one and the same spot is neither moving time nor stopped time.
#
# Guess: 5 minutes of running, 5 minutes of waiting at one spot, 5 minutes of running have about
#        600 s of moving time and 300 s of stopped time; together they are get_duration().
# Saw:   599 s moving, 0 s stopped, duration 900 s: the wait is in neither. Where the positions
#        of the wait drift by half a metre between two points, it is stopped time.
# Ours:  "moving + stopped" is no elapsed time; share of standing comes out as 0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    gpxpy==1.6.2
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version

import gpxpy

STEP = 3 / 111_195  # three metres to the north, in degrees


def run(drift):
    places = [(i, i * STEP) for i in range(300)]
    places += [(t, 299 * STEP + drift * (k % 2)) for k, t in enumerate(range(300, 601, 10))]
    places += [(601 + i, (299 + i) * STEP) for i in range(1, 300)]
    start = dt.datetime(2026, 3, 1, 8)
    points = "".join(
        f'<trkpt lat="{50 + north:.7f}" lon="10"><time>{start + dt.timedelta(seconds=t):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>'
        for t, north in places
    )
    return gpxpy.parse(
        '<gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>"
    )


still, drifting = run(0), run(0.5 / 111_195)
a, b = still.get_moving_data(), drifting.get_moving_data()
print("gpxpy", version("gpxpy"), "duration", still.get_duration())
print("one spot: moving", a.moving_time, "stopped", a.stopped_time)
print("drifting by 0.5 m: moving", b.moving_time, "stopped", b.stopped_time)
sys.exit(not (still.get_duration() == 900 and a.moving_time < 605 and a.stopped_time == 0 and b.stopped_time > 290))
PY
