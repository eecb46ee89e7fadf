#!/usr/bin/env bash
# icalendar 7.3.2: a time with an offset (07:00+02:00) loses it in the file.
#
# Guess: a start that knows only its offset, as those of watches do, is written as UTC (05:00Z) or with a
#        definition of its zone, and read back it is the same instant.
# Saw:   DTSTART;TZID="UTC+02:00":20260302T070000 without that zone in the file, and add_missing_timezones()
#        adds none; icalendar itself reads it back as 07:00 of no zone. Europe/Berlin and UTC come back.
# Ours:  a run recorded at 07:00+02:00 is entered at 07:00 of whoever reads it: turn it into UTC first.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    icalendar==7.3.2 tzdata==2026.6
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event


def written(start):
    event, book = Event(), Calendar()
    event.add("uid", "made up")
    event.add("dtstamp", dt.datetime(2026, 3, 1, tzinfo=dt.timezone.utc))
    event.add("dtstart", start)
    book.add("prodid", "made up")
    book.add("version", "2.0")
    book.add_component(event)
    book.add_missing_timezones()
    text = book.to_ical()
    entry = text.decode().split("BEGIN:VEVENT")[1]
    line = next(row for row in entry.splitlines() if row.startswith("DTSTART"))
    back = Calendar.from_ical(text).walk("VEVENT")[0].start
    return line, back


print("icalendar", version("icalendar"))
seen = {}
for zone in (dt.timezone(dt.timedelta(hours=2)), ZoneInfo("Europe/Berlin"), dt.timezone.utc):
    start = dt.datetime(2026, 3, 2, 7, tzinfo=zone)
    line, back = written(start)
    seen[str(zone)] = line, back.isoformat()
    print(start.isoformat(), "->", line, "->", back.isoformat())
sys.exit(
    seen
    != {
        "UTC+02:00": ('DTSTART;TZID="UTC+02:00":20260302T070000', "2026-03-02T07:00:00"),
        "Europe/Berlin": ("DTSTART;TZID=Europe/Berlin:20260302T070000", "2026-03-02T07:00:00+01:00"),
        "UTC": ("DTSTART:20260302T070000Z", "2026-03-02T07:00:00+00:00"),
    }
)
PY
