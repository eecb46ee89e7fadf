#!/usr/bin/env bash
# tcx2gpx 0.1.6: positions found late are given the times and altitudes of the start.
#
# Guess: ten minutes indoors without positions, ten minutes of climbing outdoors: the GPX has the points of
#        the second ten minutes, from 08:10 to 08:20 and from 100 to 160 m.
# Saw:   the right 121 positions, but from 08:00 to 08:10 and all at 100 m: lists of positions, altitudes and
#        times are joined by their place, and the first is shorter.
# Ours:  the run begins ten minutes early and has no climb; a slow satellite fix does the same in small.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    tcx2gpx==0.1.6 python-tcxparser==2.4.0 gpxpy==1.6.2
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version
from pathlib import Path

import gpxpy
from tcx2gpx.tcx2gpx import TCX2GPX

HEAD = (
    '<?xml version="1.0"?><TrainingCenterDatabase '
    'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>'
)
START = dt.datetime(2026, 3, 1, 8)


def clock(second):
    return f"{START + dt.timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"


def point(second):
    outdoors = max(second - 600, 0)
    place = f"<Position><LatitudeDegrees>{50 + 3 * outdoors / 111_195:.7f}</LatitudeDegrees>"
    place += "<LongitudeDegrees>10</LongitudeDegrees></Position>"
    return (
        f"<Trackpoint><Time>{clock(second)}</Time>{place if second >= 600 else ''}"
        f"<AltitudeMeters>{100 + outdoors / 10}</AltitudeMeters><DistanceMeters>{3 * second}</DistanceMeters></Trackpoint>"
    )


Path("made_up.tcx").write_text(
    HEAD + f'<Activity Sport="Running"><Id>{clock(0)}</Id><Lap StartTime="{clock(0)}">'
    "<TotalTimeSeconds>1200</TotalTimeSeconds><DistanceMeters>3600</DistanceMeters><Calories>200</Calories>"
    "<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>"
    f"<Track>{''.join(map(point, range(0, 1201, 5)))}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
)
TCX2GPX("made_up.tcx").convert()
points = gpxpy.parse(Path("made_up.gpx").read_text()).tracks[0].segments[0].points
first, last = points[0], points[-1]
print("tcx2gpx", version("tcx2gpx"), "points:", len(points))
for name, p in (("first", first), ("last", last)):
    print(name, p.time, p.latitude, p.elevation)
sys.exit(
    not (
        len(points) == 121
        and (first.time.minute, last.time.minute) == (0, 10)
        and (first.elevation, last.elevation) == (100, 100)
        and abs(last.latitude - (50 + 1800 / 111_195)) < 1e-6
    )
)
PY
