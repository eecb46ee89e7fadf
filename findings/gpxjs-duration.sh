#!/usr/bin/env bash
# gpxjs 1.2.0: a run with a point every 30 seconds did not move, and every run ends a point early.
#
# Guess: ten minutes at a steady 3 m/s have a totalDuration and a movingDuration of 600 s, whatever
#        the watch's recording interval.
# Saw:   a point every 5 s: 595 and 595 (the last point's time is left out); every 30 s: 570 and
#        0 s of moving, beside the right 1800 m.
# Ours:  watches with smart recording and phones on low power stand still in it; take first and last
#        point yourself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    @we-gold/gpxjs@1.2.0 xmldom-qsa@1.1.3 >/dev/null
node - <<'JS'
const version = (name) => JSON.parse(require('fs').readFileSync(`node_modules/${name}/package.json`)).version

/** A point every `step` seconds at `speed` m/s to the north, from the metre `from` on. */
const points = (start, seconds, step, speed, from = 0, more = '') => {
  let text = ''
  for (let s = 0; s <= seconds; s += step) {
    const place = (50 + (from + s * speed) / 111195).toFixed(7)
    const time = new Date(start + s * 1000).toISOString().replace('.000', '')
    text += `<trkpt lat="${place}" lon="10"><ele>100</ele><time>${time}</time>${more}</trkpt>`
  }
  return text
}
const gpx = (...segments) =>
  '<?xml version="1.0"?><gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1"' +
  ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><trk><type>running</type>' +
  segments.map((s) => `<trkseg>${s}</trkseg>`).join('') + '</trk></gpx>'
const START = Date.UTC(2026, 2, 1, 8)

const { parseGPXWithCustomParser } = require('@we-gold/gpxjs')
const { DOMParser } = require('xmldom-qsa')
console.log('gpxjs', version('@we-gold/gpxjs'), 'seconds between points: metres, total and moving seconds, end')
const seen = []
for (const step of [5, 10, 30]) {
  const [file, error] = parseGPXWithCustomParser(gpx(points(START, 600, step, 3)), (t) => new DOMParser().parseFromString(t, 'text/xml'))
  if (error) throw error
  const { distance, duration } = file.tracks[0]
  console.log(`${step}:`, Math.round(distance.total), duration.totalDuration, duration.movingDuration, duration.endTime.toISOString())
  seen.push(Math.round(distance.total), duration.totalDuration, duration.movingDuration)
}
process.exit(String(seen) === '1800,595,595,1800,590,590,1800,570,0' ? 0 : 1)
JS
