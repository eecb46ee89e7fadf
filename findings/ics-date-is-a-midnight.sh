#!/usr/bin/env bash
# ics 0.7.3: an entry for a date is a midnight of UTC, in New York the evening before.
#
# Guess: Event(begin=date(2026, 3, 2)) is an entry of all day on 2 March; a time without a zone is one on the
#        clock of whoever opens it, as RFC 5545 has it.
# Saw:   DTSTART:20260302T000000Z, not all day: Sunday 1 March, 19:00 in New York. 07:00 without a zone
#        is written as 07:00 UTC, and one that is read (DTSTART:20260302T070000) becomes 07:00 UTC too.
#        Only make_all_day() gives a date.
# Ours:  a plan made with it has its runs on the day before, west of Greenwich. loadmon writes dates, and
#        icalendar 7.3.2 writes one for a date.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    ics==0.7.3 icalendar==7.3.2 tzdata==2026.6
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version
from zoneinfo import ZoneInfo

import icalendar
import ics


def start(text):
    return next(line for line in text.splitlines() if line.startswith("DTSTART"))


day = dt.date(2026, 3, 2)
event = ics.Event(name="Run 5 km", begin=day)
whole = ics.Event(name="Run 5 km", begin=day)
whole.make_all_day()
seen = start(event.serialize()), event.all_day, start(whole.serialize())
abroad = f"{event.begin.datetime.astimezone(ZoneInfo('America/New_York')):%a %d %H:%M}"
print("ics", version("ics"), "date:", seen[:2], "in New York:", abroad, "; make_all_day:", seen[2])
morning = start(ics.Event(begin=dt.datetime(2026, 3, 2, 7)).serialize())
print("07:00 without a zone:", morning)
book = ics.Calendar(
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:made up\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260301T080000Z\r\n"
    "DTSTART:20260302T070000\r\nDTEND:20260302T080000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
read = start(next(iter(book.events)).serialize())
print("read and written again:", read)
peer = icalendar.Event()
peer.add("dtstart", day)
other = start(peer.to_ical().decode())
print("icalendar", version("icalendar"), "date:", other)
sys.exit(
    not (
        seen == ("DTSTART:20260302T000000Z", False, "DTSTART;VALUE=DATE:20260302")
        and abroad == "Sun 01 19:00"
        and morning == read == "DTSTART:20260302T070000Z"
        and other == "DTSTART;VALUE=DATE:20260302"
    )
)
PY
