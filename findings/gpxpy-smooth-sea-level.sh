#!/usr/bin/env bash
# gpxpy 1.6.2: smooth() leaves a spike of the altitude alone where its neighbours are at 0 m.
#
# Guess: smooth(vertical=True) lowers a spike of 100 m in a flat run by the same share at sea level as
#        at any other height.
# Saw:   flat at 1 m: the spike is 40 m high afterwards. Flat at 0 m: it stays 100 m, nothing changes: an
#        altitude of 0 counts as missing. Its main branch has that right since pull request 298 of September
#        2026; no release has it yet.
# Ours:  smoothed climb of a run along the sea is too much. loadmon has its own hysteresis.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    gpxpy==1.6.2
venv/bin/python -W ignore - <<'PY'
import sys
from importlib.metadata import version

import gpxpy


def climb(floor):
    heights = [floor] * 10 + [floor + 100] + [floor] * 10
    points = "".join(
        f'<trkpt lat="{50 + i * 3 / 111_195:.7f}" lon="10"><ele>{h}</ele></trkpt>' for i, h in enumerate(heights)
    )
    run = gpxpy.parse(
        '<gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>"
    )
    before = run.get_uphill_downhill().uphill, run.get_elevation_extremes().maximum - floor
    run.smooth(vertical=True)
    return before, (run.get_uphill_downhill().uphill, run.get_elevation_extremes().maximum - floor)


print("gpxpy", version("gpxpy"))
(_, at_one), (before, at_zero) = climb(1), climb(0)
print("climb and spike after smoothing, flat at 1 m:", at_one)
print("flat at 0 m, before:", before, "after:", at_zero)
sys.exit(not (at_zero == before and at_zero[1] == 100 and at_one[1] < 50))
PY
