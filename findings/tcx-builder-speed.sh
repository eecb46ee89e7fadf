#!/usr/bin/env bash
# tcx-builder 1.1.1: a speed is divided by 3.6 on its way into the TCX.
#
# Guess: MaximumSpeed: 3 and Speed: 3 are written as 3, metres per second, the unit of the format
#        whose elements the classes are named after (DistanceMeters beside them is metres).
# Saw:   0.8333333333333333 in both: the builder takes km/h and says so nowhere in its readme.
#        sports-lib 21.2.5 then reads 1800 m in 600 s at 0.83 m/s.
#        The readme's own example (40 km in 4000 s, Speed: 10) reads as m/s too.
# Ours:  multiply by 3.6 before handing speeds over.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    tcx-builder@1.1.1 @sports-alliance/sports-lib@21.2.5 @xmldom/xmldom@0.9.12 >/dev/null
node - <<'JS'
const version = (name) => JSON.parse(require('fs').readFileSync(`node_modules/${name}/package.json`)).version

const tcx = require('tcx-builder')
const { SportsLib } = require('@sports-alliance/sports-lib')
const { DOMParser } = require('@xmldom/xmldom')
const start = new Date(Date.UTC(2026, 2, 1, 8))
const trackPoints = [0, 300, 600].map((s) => new tcx.TrackPoint({
  time: new Date(start.getTime() + s * 1000),
  position: new tcx.Position(50 + (s * 3) / 111195, 10),
  distanceMeters: s * 3,
  extensions: new tcx.TrackPointExtensions({ Speed: 3 }),
}))
const lap = new tcx.ActivityLap(start, {
  Calories: 60, DistanceMeters: 1800, Intensity: 'Active', TotalTimeSeconds: 600, TriggerMethod: 'Manual', MaximumSpeed: 3,
  Track: new tcx.Track({ trackPoints }),
})
const activity = new tcx.ActivityList({ activity: [new tcx.Activity('Running', { Id: start, Laps: [lap] })] })
const text = new tcx.TrainingCenterDatabase({ activities: activity }).toXml()
const speeds = [...text.matchAll(/<(MaximumSpeed|Speed)>\s*([\d.]+)\s*</g)].map((found) => found[2])
console.log('tcx-builder', version('tcx-builder'), 'speeds written for 3 m/s:', ...speeds)
const main = async () => {
  const event = await SportsLib.importFromTCX(new DOMParser().parseFromString(text, 'application/xml'))
  const [metres, seconds, speed] = ['Distance', 'Duration', 'Average Speed'].map((name) => event.getActivities()[0].getStats().get(name).getValue())
  console.log('sports-lib', version('@sports-alliance/sports-lib'), 'reads', metres, 'm in', seconds, 's at', speed.toFixed(2), 'm/s')
  const held = speeds.length === 4 && speeds.every((s) => Math.abs(s - 3 / 3.6) < 1e-9) && metres === 1800 && seconds === 600 && speed.toFixed(2) === '0.83'
  process.exit(held ? 0 : 1)
}
main()
JS
