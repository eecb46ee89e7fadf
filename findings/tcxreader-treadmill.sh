#!/usr/bin/env bash
# tcxreader 0.4.11: a run without positions has a distance but no time, no heart rate, no start.
#
# Guess: a treadmill run (trackpoints with time, distance and heart rate, no Position) has the
#        duration of its lap, 600 s, and its heart rate.
# Saw:   1800 m in 0 s, hr_avg and start_time None, no trackpoint: points without a position are
#        left out, the lap's own TotalTimeSeconds is not read.
# Ours:  a weekly load by minutes or heart rate made from it lacks every treadmill run.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    tcxreader==0.4.11
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version
from pathlib import Path

from tcxreader.tcxreader import TCXReader

HEAD = (
    '<?xml version="1.0"?><TrainingCenterDatabase '
    'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>'
)


def lap(start, seconds, metres, position=True):
    """A steady lap with a point every 5 s; its own totals stand before the points."""
    points = ""
    for s in range(0, seconds + 1, 5):
        done = metres * s / seconds
        place = f"<Position><LatitudeDegrees>{50 + done / 111_195:.7f}</LatitudeDegrees>"
        place += "<LongitudeDegrees>10</LongitudeDegrees></Position>"
        points += f"<Trackpoint><Time>{start + dt.timedelta(seconds=s):%Y-%m-%dT%H:%M:%SZ}</Time>"
        points += place if position else ""
        points += f"<DistanceMeters>{done}</DistanceMeters>"
        points += "<HeartRateBpm><Value>150</Value></HeartRateBpm></Trackpoint>"
    return (
        f'<Lap StartTime="{start:%Y-%m-%dT%H:%M:%SZ}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>'
        f"<DistanceMeters>{metres}</DistanceMeters><Calories>60</Calories><Intensity>Active</Intensity>"
        f"<TriggerMethod>Manual</TriggerMethod><Track>{points}</Track></Lap>"
    )


def activity(sport, start, *laps):
    return f'<Activity Sport="{sport}"><Id>{start:%Y-%m-%dT%H:%M:%SZ}</Id>{"".join(laps)}</Activity>'


def read(*activities):
    Path("made_up.tcx").write_text(HEAD + "".join(activities) + "</Activities></TrainingCenterDatabase>")
    return TCXReader().read("made_up.tcx")


START = dt.datetime(2026, 3, 1, 8)
run = read(activity("Running", START, lap(START, 600, 1800, position=False)))
seen = run.distance, run.duration, run.hr_avg, run.start_time, len(run.trackpoints)
print("tcxreader", version("tcxreader"), "distance, duration, heart rate, start, points:", seen)
sys.exit(seen != (1800, 0, None, None, 0))
PY
