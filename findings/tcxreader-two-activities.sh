#!/usr/bin/env bash
# tcxreader 0.4.11: two activities of one file become one, of the last one's sport.
#
# Guess: a file with a run on Sunday and a ride on Monday gives two exercises, or the first, or an
#        error: one database may hold many activities.
# Saw:   one exercise "Biking" of 6600 m that lasts 87000 s (24 h 10 min); nothing is raised. The
#        laps alone still hold their own times, without their sport.
# Ours:  a run and its date disappear into a ride a day long.
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
next_day = START + dt.timedelta(days=1)
both = read(
    activity("Running", START, lap(START, 600, 1800)),
    activity("Biking", next_day, lap(next_day, 600, 4800)),
)
seen = both.activity_type, both.distance, both.duration, len(both.laps)
print("tcxreader", version("tcxreader"), "sport, distance, duration, laps:", seen)
sys.exit(seen != ("Biking", 6600, 87000, 2))
PY
