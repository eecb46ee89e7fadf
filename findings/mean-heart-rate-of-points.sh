#!/usr/bin/env bash
# sports-lib 21.2.5, gpsbabel 1.8.0: the mean heart rate is one over points, not over time.
#
# Guess: five minutes at 160 bpm and five at 120 have a mean of about 140.
# Saw:   159 in both where the first half has a point every second and the second one a minute, as
#        smart recording does it; 140 where the points are evenly spaced.
# Ours:  the hard, densely recorded part counts sixty times; loadmon's mean is over time (140).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    @sports-alliance/sports-lib@21.2.5 @xmldom/xmldom@0.9.12 >/dev/null
apt-get download -qq -o APT::Sandbox::User=root gpsbabel=1.8.0+ds-5 libqt5core5a libicu72 \
    libdouble-conversion3 libpcre2-16-0 libglib2.0-0 libshp2 libusb-1.0-0
for package in ./*.deb; do dpkg -x "$package" root; done
gpsbabel() {
    LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu) root/usr/bin/gpsbabel "$@"
}
cat >write.cjs <<'JS'
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
const fs = require('fs')
const steady = Array.from({ length: 601 }, (_, s) => [s, s * 3, s <= 300 ? 160 : 120])
fs.writeFileSync('even.tcx', tcx('Running', lap(START, 600, 1800, steady)))
fs.writeFileSync('smart.tcx', tcx('Running', lap(START, 600, 1800, steady.filter(([s]) => s <= 300 || s % 60 === 0))))
JS
cat >read.cjs <<'JS'
const fs = require('fs')
const { SportsLib } = require('@sports-alliance/sports-lib')
const { DOMParser } = require('@xmldom/xmldom')
const main = async () => {
  const event = await SportsLib.importFromTCX(new DOMParser().parseFromString(fs.readFileSync(process.argv[2], 'utf8'), 'application/xml'))
  console.log(event.getActivities()[0].getStats().get('Average Heart Rate').getValue())
}
main()
JS
node write.cjs
npm ls --depth=0 | grep sports-lib
gpsbabel -V | grep Version
converted() { gpsbabel -t -i gtrnctr -f "$1" -o gtrnctr,course=0,sport=Running -F - | grep -A 1 '<AverageHeart' | grep -o '[0-9]\+'; }
for file in even.tcx smart.tcx; do
    echo "$file: sports-lib $(node read.cjs "$file"), gpsbabel $(converted "$file")"
done | tee seen
diff seen - <<'TEXT'
even.tcx: sports-lib 140, gpsbabel 140
smart.tcx: sports-lib 159, gpsbabel 159
TEXT
