#!/usr/bin/env bash
# geolib 3.3.14: the length of a run is a sum of whole metres, one for each second.
#
# Guess: getPathLength() of a track at 2.6 m/s with a point a second is 1560 m after ten minutes, or
#        1560 to the metre: accuracy 1 "in meters" rounds the result.
# Saw:   1800 m: every step is rounded, so 2.6 m count as 3, and 1.4 m (walking) as 1: 600 m for 840.
#        getPreciseDistance does the same. @turf/length 7.4.0 and gps-distance 0.0.4: 1560 m and 840.
# Ours:  up to 29 % off, and a pace of 6:25 per km looks like 5:33; pass a distance function of accuracy 0.01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    geolib@3.3.14 @turf/length@7.4.0 gps-distance@0.0.4 >/dev/null
node - <<'JS'
const version = (name) => JSON.parse(require('fs').readFileSync(`node_modules/${name}/package.json`)).version

const { getPathLength, getPreciseDistance, getDistance } = require('geolib')
const { length } = require('@turf/length')
const gpsDistance = require('gps-distance')
const seen = []
for (const speed of [1.4, 2.6, 3.4]) {
  const track = Array.from({ length: 601 }, (_, s) => ({ latitude: 50 + (s * speed) / 111195, longitude: 10 }))
  const line = { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: track.map((p) => [p.longitude, p.latitude]) } }
  const metres = [
    getPathLength(track), getPathLength(track, getPreciseDistance), getPathLength(track, (a, b) => getDistance(a, b, 0.01)),
    length(line) * 1000, gpsDistance(track.map((p) => [p.latitude, p.longitude])) * 1000,
  ].map(Math.round)
  console.log(`600 s at ${speed} m/s: geolib`, version('geolib'), ...metres.slice(0, 2), 'accuracy 0.01:', metres[2],
    'turf', version('@turf/length'), metres[3], 'gps-distance', version('gps-distance'), metres[4])
  seen.push([...metres.slice(0, 2), Math.abs(metres[2] - speed * 600) < 7, ...metres.slice(3)])
}
process.exit(String(seen) === '600,600,true,840,840,1800,1800,true,1560,1560,1800,1800,true,2040,2040' ? 0 : 1)
JS
