#!/usr/bin/env bash
# gpx-parse 0.10.4: a point at sea level is at -1 m, like a point without an altitude.
#
# Guess: <ele>0</ele> is elevation 0, a point without <ele> has none (null, undefined).
# Saw:   -1 for both; 0.4 is 0.4.
# Ours:  a run along a beach climbs a metre with each wave, and "no altitude" is an altitude.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    gpx-parse@0.10.4 >/dev/null
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

const gpxParse = require('gpx-parse')
const text = gpx(points(START, 15, 5, 3)).replace('<ele>100</ele>', '<ele>0</ele>').replace('<ele>100</ele>', '').replace('<ele>100</ele>', '<ele>0.4</ele>')
gpxParse.parseGpx(text, (error, data) => {
  if (error) throw error
  const seen = data.tracks[0].segments[0].map((point) => point.elevation)
  console.log('gpx-parse', version('gpx-parse'), 'points at 0 m, at none, at 0.4 m, at 100 m:', ...seen)
  process.exit(String(seen) === '-1,-1,0.4,100' ? 0 : 1)
})
JS
