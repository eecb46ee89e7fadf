#!/usr/bin/env bash
# ical-generator 10.2.0, ts-ics 2.4.6: an all-day run is a day early east of Greenwich.
#
# Guess: an event of the local day 1 December (new Date(2026, 11, 1), allDay or type "DATE") is
#        DTSTART;VALUE=DATE:20261201 wherever it is made.
# Saw:   20261130 in Berlin and Auckland, 20261201 in London and New York: the day is taken in UTC.
#        ics 3.12.0, which takes [2026, 12, 1], writes 20261201 everywhere.
# Ours:  a plan exported this way is run a day early; hand over midnight UTC, or numbers. loadmon
#        writes its own calendar from dates without times.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    ical-generator@10.2.0 ts-ics@2.4.6 ics@3.12.0 >/dev/null
cat >write.mjs <<'JS'
import ical from 'ical-generator'
import { createEvent } from 'ics'
import { generateIcsCalendar } from 'ts-ics'

const day = new Date(2026, 11, 1)
const calendar = ical()
calendar.createEvent({ start: day, allDay: true, summary: 'Run 5 km' })
const event = { uid: '1', stamp: { date: day }, start: { date: day, type: 'DATE' }, duration: { days: 1 }, summary: 'Run 5 km' }
const texts = [
  calendar.toString(),
  generateIcsCalendar({ prodId: 'made up', version: '2.0', events: [event] }),
  createEvent({ title: 'Run 5 km', start: [2026, 12, 1], duration: { days: 1 } }).value,
]
console.log(process.env.TZ, ...texts.map((text) => /DTSTART;VALUE=DATE:([0-9]+)/.exec(text)[1]))
JS
npm ls --depth=0 | tail -n +2
for zone in Europe/London America/New_York Europe/Berlin Pacific/Auckland; do
    TZ=$zone node write.mjs
done | tee seen
diff seen - <<'TEXT'
Europe/London 20261201 20261201 20261201
America/New_York 20261201 20261201 20261201
Europe/Berlin 20261130 20261130 20261201
Pacific/Auckland 20261130 20261130 20261201
TEXT
