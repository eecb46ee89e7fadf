#!/usr/bin/env bash
# tcxreader 0.4.11: a pause between two laps counts as duration, although the laps hold the timer.
#
# Guess: two laps of TotalTimeSeconds 300 with 5 minutes of pause between them last 600 s at
#        10.8 km/h, as the sum of the laps does.
# Saw:   900 s at 7.2 km/h for the exercise, 300 s and 300 s for its laps: last time less first.
# Ours:  minutes times RPE from the exercise is half as much again; sum the laps.
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
later = START + dt.timedelta(seconds=600)
run = read(activity("Running", START, lap(START, 300, 900), lap(later, 300, 900)))
seen = run.duration, run.avg_speed, [part.duration for part in run.laps]
print("tcxreader", version("tcxreader"), "duration, km/h, durations of laps:", seen)
sys.exit(not (seen[0] == 900 and abs(seen[1] - 7.2) < 1e-9 and seen[2] == [300, 300]))
PY
