#!/usr/bin/env bash
# ics 0.7.3, icalendar 6.3.2: an escaped backslash before an n is read as a new line.
#
# Guess: a description with a path, C:\new, is written as C:\\new and read back as it was: RFC 5545 escapes
#        the backslash itself.
# Saw:   both write C:\\new; both read C:\ + new line + ew. icalendar 7.3.2 reads C:\new.
# Ours:  a note with a backslash changes in such a reader; the file that loadmon writes is right.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    ics==0.7.3 icalendar==6.3.2 tzdata==2026.6
venv/bin/python -W ignore - <<'PY'
import sys
from importlib.metadata import version

import icalendar
import ics

note = "route: C:\\new"
event = icalendar.Event()
event.add("uid", "made up")
event.add("description", note)
book = icalendar.Calendar()
book.add_component(event)
text = book.to_ical().decode()
line = next(row for row in text.splitlines() if row.startswith("DESCRIPTION"))
back = str(icalendar.Calendar.from_ical(text).walk("VEVENT")[0]["DESCRIPTION"])
print("icalendar", version("icalendar"), "writes", line, "reads", repr(back))
other = ics.Event(name="Run", begin="2026-03-02 07:00:00", description=note)
shelf = ics.Calendar(events=[other])
written = shelf.serialize()
second = next(row for row in written.splitlines() if row.startswith("DESCRIPTION"))
again = next(iter(ics.Calendar(written).events)).description
print("ics", version("ics"), "writes", second, "reads", repr(again))
sys.exit(not (line == second == "DESCRIPTION:route: C:\\\\new" and back != note and again != note and "\n" in back and "\n" in again))
PY
