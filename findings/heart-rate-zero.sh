#!/usr/bin/env bash
# sports-lib 21.2.5, leaflet-gpx 2.2.0: a heart rate of 0, the strap without contact, halves the mean.
#
# Guess: a heart rate of 0 is nobody's: five minutes at 0 and five at 150 bpm have a mean of 150.
# Saw:   75 in both, and a lowest of 0 in sports-lib. gpsbabel 1.8.0 says 150.
# Ours:  loadmon takes 0 for none and says how much of the run is covered.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    @sports-alliance/sports-lib@21.2.5 leaflet-gpx@2.2.0 leaflet@1.9.4 jsdom@24.1.3 \
    @xmldom/xmldom@0.9.12 >/dev/null
apt-get download -qq -o APT::Sandbox::User=root gpsbabel=1.8.0+ds-5 libqt5core5a libicu72 \
    libdouble-conversion3 libpcre2-16-0 libglib2.0-0 libshp2 libusb-1.0-0
for package in ./*.deb; do dpkg -x "$package" root; done
gpsbabel() {
    LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu) root/usr/bin/gpsbabel "$@"
}
cat >write.cjs <<'JS'
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
const heart = (bpm) => `<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>${bpm}</gpxtpx:hr></gpxtpx:TrackPointExtension></extensions>`
const text = gpx(points(START, 295, 5, 3, 0, heart(0)) + points(START + 300_000, 295, 5, 3, 900, heart(150)))
require('fs').writeFileSync('run.gpx', text)
JS
cat >read.cjs <<'JS'
const text = require('fs').readFileSync('run.gpx', 'utf8')
const { SportsLib } = require('@sports-alliance/sports-lib')
const xml = require('@xmldom/xmldom')
const { JSDOM } = require('jsdom')
const { window } = new JSDOM('')
Object.assign(global, { window, document: window.document, DOMParser: window.DOMParser })
Object.defineProperty(global, 'navigator', { value: window.navigator, configurable: true })
global.L = window.L = require('leaflet')
require('leaflet-gpx')
const track = new L.GPX(text, { async: false, markers: { startIcon: null, endIcon: null } })
console.log('leaflet-gpx:', track.get_average_hr())
SportsLib.importFromGPX(text, xml.DOMParser).then((event) => {
  const stats = event.getActivities()[0].getStats()
  console.log('sports-lib:', stats.get('Average Heart Rate').getValue(), 'lowest', stats.get('Minimum Heart Rate').getValue())
})
JS
node write.cjs
npm ls --depth=0 | grep -E 'sports-lib|leaflet-gpx'
gpsbabel -V | grep Version
{
    node read.cjs
    echo "gpsbabel: $(gpsbabel -t -i gpx -f run.gpx -o gtrnctr,course=0,sport=Running -F - | grep -A 1 '<AverageHeart' | grep -o '[0-9]\+')"
} | tee seen
diff seen - <<'TEXT'
leaflet-gpx: 75
sports-lib: 75 lowest 0
gpsbabel: 150
TEXT
