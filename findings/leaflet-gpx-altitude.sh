#!/usr/bin/env bash
# leaflet-gpx 2.2.0: a point without an altitude is at sea level, so the run climbs and is longer.
#
# Guess: where the first minute of a flat run at 300 m has no altitude yet, as before a watch has its
#        fix, climb is 0 and distance 1800 m.
# Saw:   300 m of climb, 2085 m of distance and 216 km/h: the missing altitude counts as 0, and
#        distance is along the slope.
# Ours:  a run is 16 % longer on such a page than along its positions.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    leaflet-gpx@2.2.0 leaflet@1.9.4 jsdom@24.1.3 >/dev/null
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

const { JSDOM } = require('jsdom')
const { window } = new JSDOM('')
Object.assign(global, { window, document: window.document, DOMParser: window.DOMParser })
Object.defineProperty(global, 'navigator', { value: window.navigator, configurable: true })
global.L = window.L = require('leaflet')
require('leaflet-gpx')
const text = gpx(points(START, 600, 5, 3)).replaceAll('<ele>100</ele>', '<ele>300</ele>')
const without = (count) => {
  let left = count
  return text.replace(/<ele>300<.ele>/g, (ele) => (left-- > 0 ? '' : ele))
}
const read = (given) => {
  const track = new L.GPX(given, { async: false, markers: { startIcon: null, endIcon: null } })
  return [track.get_distance(), track.get_elevation_gain(), track.get_speed_max()].map(Math.round)
}
const seen = [read(text), read(without(12))]
console.log('leaflet-gpx', version('leaflet-gpx'), 'metres, climb, highest km/h with all altitudes:', ...seen[0])
console.log('leaflet-gpx', version('leaflet-gpx'), 'without those of the first minute:', ...seen[1])
process.exit(String(seen) === '1800,0,11,2085,300,216' ? 0 : 1)
JS
