#!/usr/bin/env bash
# tzfpy 2.1.1, timezonefinder 9.0.0: one position, two zones, and a run on two days.
#
# Guess: both take their borders from the same project (releases of 2026), so a place has one zone in both.
# Saw:   where zones overlap each takes another: in Urumqi Asia/Shanghai (UTC+8) and Asia/Urumqi (UTC+6), near
#        Nablus Asia/Hebron and Asia/Jerusalem, whose summer times begin on different days. tzfpy's get_tzs names
#        both. A run of Sunday 23:00 on the clocks of Urumqi is Monday 01:00 in Beijing.
# Ours:  loadmon asks tzfpy where a file has no local time, and takes your home_zone if it is one of the
#        zones that overlap there.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    tzfpy==2.1.1 timezonefinder==9.0.0 tzdata==2026.6
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version
from zoneinfo import ZoneInfo

import tzfpy
from timezonefinder import TimezoneFinder

places = {"Urumqi": (87.6, 43.8), "near Nablus": (35.2, 32.2), "Paris": (2.35, 48.85)}
finder = TimezoneFinder()
seen = {}
print("tzfpy", version("tzfpy"), "timezonefinder", version("timezonefinder"))
for name, (east, north) in places.items():
    seen[name] = tzfpy.get_tz(east, north), finder.timezone_at(lng=east, lat=north)
    print(name, seen[name], "get_tzs:", sorted(tzfpy.get_tzs(east, north)))


def days(name, *utc):
    when = dt.datetime(*utc, tzinfo=dt.timezone.utc)
    return [f"{when.astimezone(ZoneInfo(zone)):%a %H:%M}" for zone in seen[name]]


run, spring = days("Urumqi", 2026, 3, 1, 17), days("near Nablus", 2026, 3, 27, 21, 30)
print("one instant in Urumqi:", run, "near Nablus in the last week of March:", spring)
sys.exit(
    not (
        seen["Urumqi"] == ("Asia/Shanghai", "Asia/Urumqi")
        and seen["near Nablus"] == ("Asia/Hebron", "Asia/Jerusalem")
        and len(set(seen["Paris"])) == 1
        and run == ["Mon 01:00", "Sun 23:00"]
        and spring == ["Fri 23:30", "Sat 00:30"]
    )
)
PY
