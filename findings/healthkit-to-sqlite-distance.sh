#!/usr/bin/env bash
# healthkit-to-sqlite 1.0.1: runs of today's exports of Apple Health have no distance.
#
# Guess: a workout of 5.4 km has its distance in the table workouts, as column or as a table beside it, as
#        workouts of older exports have (attribute totalDistance).
# Saw:   columns for type, duration, source, dates and events; nothing for distance, energy or heart rate,
#        which have stood in WorkoutStatistics elements since iOS 16. The older form: totalDistance 5.4.
# Ours:  weekly kilometres from that table end with the update of the phone. loadmon reads both forms.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    healthkit-to-sqlite==1.0.1
venv/bin/python -W ignore - <<'PY'
import io
import sys
from importlib.metadata import version

import sqlite_utils
from healthkit_to_sqlite.utils import convert_xml_to_sqlite

START, END = "2026-03-02 08:00:00 +0100", "2026-03-02 08:30:00 +0100"


def workout(attributes="", children=""):
    return (
        '<Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="30" durationUnit="min" '
        f'{attributes} sourceName="made up" creationDate="{END}" startDate="{START}" endDate="{END}">{children}</Workout>'
    )


def stored(text):
    db = sqlite_utils.Database(memory=True)
    xml = f'<?xml version="1.0" encoding="UTF-8"?><HealthData locale="en_GB">{text}</HealthData>'
    convert_xml_to_sqlite(io.BytesIO(xml.encode()), db)
    return next(db["workouts"].rows), sorted(db.table_names())


new, tables = stored(
    workout(
        children='<WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" '
        f'startDate="{START}" endDate="{END}" sum="5.4" unit="km"/>'
    )
)
old, _ = stored(workout('totalDistance="5.4" totalDistanceUnit="km"'))
print("healthkit-to-sqlite", version("healthkit-to-sqlite"), "tables:", tables)
print("today's form:", sorted(new))
print("older form, totalDistance:", old["totalDistance"])
text = str(new)
sys.exit(not (old["totalDistance"] == "5.4" and "5.4" not in text and "Distance" not in text and "workouts" in tables))
PY
