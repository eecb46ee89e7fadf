#!/usr/bin/env bash
# @tmcw/togeojson 7.1.3: in a TCX each heart rate moves to an earlier second where some are missing.
#
# Guess: coordinateProperties.heart goes with the coordinates, null where a point has none, as it
#        does for the same run as GPX.
# Saw:   the strap begins after 30 of 60 seconds: the GPX has three nulls and four values for seven
#        points, the TCX has four values for seven points, so 150 bpm stand at the start.
# Ours:  heart rate joined to times by index is of another moment; read the trackpoints themselves.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    @tmcw/togeojson@7.1.3 @xmldom/xmldom@0.9.12 >/dev/null
node - <<'JS'
const version = (name) => JSON.parse(require('fs').readFileSync(`node_modules/${name}/package.json`)).version

/** A lap of trackpoints [second, metres, heart rate or 0]; `position` false is a treadmill. */
const lap = (start, seconds, metres, points, position = true) => {
  const time = (s) => new Date(start + s * 1000).toISOString().replace('.000', '')
  const track = points.map(([s, m, heart]) => '<Trackpoint><Time>' + time(s) + '</Time>' +
    (position ? `<Position><LatitudeDegrees>${(50 + m / 111195).toFixed(7)}</LatitudeDegrees><LongitudeDegrees>10</LongitudeDegrees></Position>` : '') +
    `<DistanceMeters>${m}</DistanceMeters>` +
    (heart ? `<HeartRateBpm><Value>${heart}</Value></HeartRateBpm>` : '') + '</Trackpoint>')
  return `<Lap StartTime="${time(0)}"><TotalTimeSeconds>${seconds}</TotalTimeSeconds>` +
    `<DistanceMeters>${metres}</DistanceMeters><Calories>60</Calories><Intensity>Active</Intensity>` +
    `<TriggerMethod>Manual</TriggerMethod><Track>${track.join('')}</Track></Lap>`
}
const tcx = (sport, ...laps) =>
  '<?xml version="1.0"?><TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">' +
  `<Activities><Activity Sport="${sport}"><Id>2026-03-01T08:00:00Z</Id>${laps.join('')}</Activity></Activities></TrainingCenterDatabase>`
const START = Date.UTC(2026, 2, 1, 8)

const { gpx: fromGpx, tcx: fromTcx } = require('@tmcw/togeojson')
const { DOMParser } = require('@xmldom/xmldom')
const parse = (text) => new DOMParser().parseFromString(text, 'text/xml')
const second = [0, 10, 20, 30, 40, 50, 60]
const heart = (s) => (s < 30 ? 0 : 150 + s / 10)
const track = second.map((s) => `<trkpt lat="${50 + s * 0.00003}" lon="10"><time>${new Date(START + s * 1000).toISOString()}</time>` +
  (heart(s) ? `<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>${heart(s)}</gpxtpx:hr></gpxtpx:TrackPointExtension></extensions>` : '') + '</trkpt>').join('')
const gpx = '<gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">' +
  `<trk><trkseg>${track}</trkseg></trk></gpx>`
const read = ({ features: [feature] }) => [feature.geometry.coordinates.length, feature.properties.coordinateProperties.heart]
const ours = read(fromTcx(parse(tcx('Running', lap(START, 60, 180, second.map((s) => [s, s * 3, heart(s)]))))))
const peer = read(fromGpx(parse(gpx)))
console.log('togeojson', version('@tmcw/togeojson'), 'points and heart rates of the TCX:', JSON.stringify(ours))
console.log('togeojson', version('@tmcw/togeojson'), 'of the same run as GPX:', JSON.stringify(peer))
process.exit(JSON.stringify([ours, peer]) === '[[7,[153,154,155,156]],[7,[null,null,null,153,154,155,156]]]' ? 0 : 1)
JS
