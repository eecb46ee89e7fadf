#!/usr/bin/env bash
# ical 0.8.0, ts-ics 2.4.6: a plan of runs on Tuesdays, Thursdays and Sundays is read on other days.
#
# Guess: an all-day event with FREQ=WEEKLY;BYDAY=TU,TH,SU;UNTIL=20261101 from Tuesday 20 October on is
#        six days in every zone.
# Saw:   in Berlin, where clocks go back on 25 October, ical has five, on Wednesday, Friday, Sunday,
#        Tuesday and Thursday, ts-ics leaves out the last Sunday; in New York ts-ics has Wednesday,
#        Friday, Monday, Wednesday, Friday. ical.js 2.2.1 and node-ical 0.26.1 have the six.
# Ours:  a plan with rules runs into rest days; loadmon writes one entry for each day.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    ical@0.8.0 ts-ics@2.4.6 ical.js@2.2.1 node-ical@0.26.1 >/dev/null
cat >read.mjs <<'JS'
import { createRequire } from 'module'
import ICAL from 'ical.js'
import { convertIcsCalendar, extendByRecurrenceRule } from 'ts-ics'
const require = createRequire(import.meta.url)

const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//made up//EN', 'BEGIN:VEVENT', 'UID:1@made.up',
  'DTSTAMP:20261019T060000Z', 'DTSTART;VALUE=DATE:20261020', 'RRULE:FREQ=WEEKLY;BYDAY=TU,TH,SU;UNTIL=20261101',
  'SUMMARY:Run 5 km', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n')
const local = (day) => day.toString().slice(0, 3) + day.getDate()
const show = (name, days) => console.log(process.env.TZ, name, days.join(' '))

const read = (library) => Object.values(library).find((entry) => entry.type === 'VEVENT').rrule.all()
show('ical', read(require('ical').parseICS(text)).map(local))
const [event] = convertIcsCalendar(undefined, text).events
// an all-day date of ts-ics is midnight UTC
const utc = (day) => day.toUTCString().slice(0, 3) + day.getUTCDate()
show('ts-ics', extendByRecurrenceRule(event.recurrenceRule, { start: event.start.date }).map(utc))
const days = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent')).iterator()
const all = []
for (let next = days.next(); next; next = days.next()) all.push(local(next.toJSDate()))
show('ical.js', all)
show('node-ical', read(require('node-ical').sync.parseICS(text)).map(local))
JS
npm ls --depth=0 | tail -n +2
for zone in UTC Europe/Berlin America/New_York; do
    TZ=$zone node read.mjs
done | tee seen
diff seen - <<'TEXT'
UTC ical Tue20 Thu22 Sun25 Tue27 Thu29 Sun1
UTC ts-ics Tue20 Thu22 Sun25 Tue27 Thu29 Sun1
UTC ical.js Tue20 Thu22 Sun25 Tue27 Thu29 Sun1
UTC node-ical Tue20 Thu22 Sun25 Tue27 Thu29 Sun1
Europe/Berlin ical Wed21 Fri23 Sun25 Tue27 Thu29
Europe/Berlin ts-ics Tue20 Thu22 Sun25 Tue27 Thu29
Europe/Berlin ical.js Tue20 Thu22 Sun25 Tue27 Thu29 Sun1
Europe/Berlin node-ical Tue20 Thu22 Sun25 Tue27 Thu29 Sun1
America/New_York ical Tue20 Thu22 Sun25 Tue27 Thu29
America/New_York ts-ics Wed21 Fri23 Mon26 Wed28 Fri30
America/New_York ical.js Tue20 Thu22 Sun25 Tue27 Thu29 Sun1
America/New_York node-ical Tue20 Thu22 Sun25 Tue27 Thu29 Sun1
TEXT
