#!/usr/bin/env bash
# python-tcxparser 2.4.0: distance and time are taken from different parts of a file.
#
# Guess: distance and duration are those of one activity: of 900 m in 300 s where a ride of the next day
#        follows, and of 900 m in 300 s where only the lap holds the distance, not its points.
# Saw:   with the ride: 4800 m in 300 s, a pace of 01:02: distance is the last of all points of the file, duration
#        the laps of the first activity. With the distance in the lap alone: 0 m, and pace raises
#        ZeroDivisionError.
# Ours:  sums of kilometres hold rides and lack runs; take the laps of each activity.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    python-tcxparser==2.4.0
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version
from pathlib import Path

import tcxparser

HEAD = (
    '<?xml version="1.0"?><TrainingCenterDatabase '
    'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>'
)
START = dt.datetime(2026, 3, 1, 8)


def clock(second):
    return f"{START + dt.timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"


def activity(sport, start, seconds, metres, in_points=True):
    points = "".join(
        f"<Trackpoint><Time>{clock(start + s)}</Time>"
        + (f"<DistanceMeters>{metres * s / seconds}</DistanceMeters>" if in_points else "")
        + "<HeartRateBpm><Value>150</Value></HeartRateBpm></Trackpoint>"
        for s in range(0, seconds + 1, 5)
    )
    return (
        f'<Activity Sport="{sport}"><Id>{clock(start)}</Id><Lap StartTime="{clock(start)}">'
        f"<TotalTimeSeconds>{seconds}</TotalTimeSeconds><DistanceMeters>{metres}</DistanceMeters><Calories>60</Calories>"
        f"<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod><Track>{points}</Track></Lap></Activity>"
    )


def read(*activities):
    Path("made_up.tcx").write_text(HEAD + "".join(activities) + "</Activities></TrainingCenterDatabase>")
    return tcxparser.TCXParser("made_up.tcx")


print("python-tcxparser", version("python-tcxparser"))
both = read(activity("Running", 0, 300, 900), activity("Biking", 86_400, 600, 4800))
seen = both.activity_type, both.distance, both.duration, both.pace
print("a run of 900 m, then a ride of 4800 m:", seen)
bare = read(activity("Running", 0, 300, 900, in_points=False))
try:
    pace = bare.pace
except ZeroDivisionError as error:
    pace = type(error).__name__
print("distance in the lap alone:", bare.distance, bare.duration, pace)
sys.exit(not (seen == ("running", 4800, 300, "01:02") and (bare.distance, pace) == (0, "ZeroDivisionError")))
PY
