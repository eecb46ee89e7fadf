#!/usr/bin/env bash
# gpxparser 3.0.8, gpxjs 1.2.0, sports-lib 21.2.5: what lies between two segments of a GPX is run.
#
# Guess: 900 m of running, recording stopped, a kilometre in the car, 900 m of running, in two
#        segments (the format's word for a break), are 1800 m in 10 minutes of recording.
# Saw:   2800 m in all three, and sports-lib says 15 minutes of timer and 0 of pause. gpx-parse
#        0.10.4 leaves the gap out: 1.80 km.
# Ours:  loadmon does not count it either and says so (gap-not-counted); sum the segments.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    gpxparser@3.0.8 @we-gold/gpxjs@1.2.0 @sports-alliance/sports-lib@21.2.5 gpx-parse@0.10.4 \
    @xmldom/xmldom@0.9.12 xmldom-qsa@1.1.3 >/dev/null
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

const gpxparser = require('gpxparser')
const { parseGPXWithCustomParser } = require('@we-gold/gpxjs')
const { SportsLib } = require('@sports-alliance/sports-lib')
const { DOMParser } = require('@xmldom/xmldom')
const qsa = require('xmldom-qsa')
const gpxParse = require('gpx-parse')
const text = gpx(points(START, 300, 5, 3), points(START + 600_000, 300, 5, 3, 1900))

const main = async () => {
  const first = new gpxparser()
  first.parse(text)
  const [second, error] = parseGPXWithCustomParser(text, (t) => new qsa.DOMParser().parseFromString(t, 'text/xml'))
  if (error) throw error
  const stats = (await SportsLib.importFromGPX(text, DOMParser)).getActivities()[0].getStats()
  const [third, timer, pause] = ['Distance', 'Timer time', 'Pause Time'].map((name) => stats.get(name).getValue())
  const peer = await new Promise((done, fail) => gpxParse.parseGpx(text, (e, data) => (e ? fail(e) : done(data.tracks[0].length() * 1000))))
  const seen = [first.tracks[0].distance.total, second.tracks[0].distance.total, third, peer].map((m) => Math.round(m / 10) * 10)
  console.log('gpxparser', version('gpxparser'), seen[0], 'm')
  console.log('gpxjs', version('@we-gold/gpxjs'), seen[1], 'm')
  console.log('sports-lib', version('@sports-alliance/sports-lib'), seen[2], 'm, timer', timer, 's, pause', pause, 's')
  console.log('gpx-parse', version('gpx-parse'), seen[3], 'm')
  process.exit(String([...seen, timer, pause]) === '2800,2800,2800,1800,900,0' ? 0 : 1)
}
main()
JS
