#!/usr/bin/env bash
# gpxparser 3.0.8, gpxjs 1.2.0, gpx-parse 0.10.4, sports-lib 21.2.5: a GPX time without a zone is the
# machine's clock time.
#
# Guess: <time>2026-03-01T20:00:00</time>, which some apps write, is UTC, as GPX says all its times
#        are, or is refused.
# Saw:   20:00 UTC on a machine in UTC, 07:00 UTC of the same day on one in Auckland and 01:00 UTC of
#        the next in New York; gpsbabel 1.8.0 reads UTC on all three.
# Ours:  the run's day depends on whose computer reads it; loadmon reads UTC and flags it (tz-unknown).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    gpxparser@3.0.8 @we-gold/gpxjs@1.2.0 gpx-parse@0.10.4 @sports-alliance/sports-lib@21.2.5 \
    @xmldom/xmldom@0.9.12 xmldom-qsa@1.1.3 >/dev/null
apt-get download -qq -o APT::Sandbox::User=root gpsbabel=1.8.0+ds-5 libqt5core5a libicu72 \
    libdouble-conversion3 libpcre2-16-0 libglib2.0-0 libshp2 libusb-1.0-0
for package in ./*.deb; do dpkg -x "$package" root; done
gpsbabel() {
    LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu) root/usr/bin/gpsbabel "$@"
}
cat >run.gpx <<'TEXT'
<?xml version="1.0"?>
<gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>
<trkpt lat="50.00" lon="10"><ele>100</ele><time>2026-03-01T20:00:00</time></trkpt>
<trkpt lat="50.02" lon="10"><ele>100</ele><time>2026-03-01T20:10:00</time></trkpt></trkseg></trk></gpx>
TEXT
cat >read.cjs <<'JS'
const text = require('fs').readFileSync('run.gpx', 'utf8')
const gpxparser = require('gpxparser')
const { parseGPXWithCustomParser } = require('@we-gold/gpxjs')
const { SportsLib } = require('@sports-alliance/sports-lib')
const { DOMParser } = require('@xmldom/xmldom')
const qsa = require('xmldom-qsa')
const gpxParse = require('gpx-parse')

const main = async () => {
  const first = new gpxparser()
  first.parse(text)
  const [second, error] = parseGPXWithCustomParser(text, (t) => new qsa.DOMParser().parseFromString(t, 'text/xml'))
  if (error) throw error
  const third = await new Promise((done, fail) => gpxParse.parseGpx(text, (e, data) => (e ? fail(e) : done(data))))
  const fourth = await SportsLib.importFromGPX(text, DOMParser)
  const starts = [first.tracks[0].points[0].time, second.tracks[0].points[0].time, third.tracks[0].segments[0][0].time, fourth.getActivities()[0].startDate]
  console.log(...starts.map((start) => start.toISOString().slice(5, 16)))
}
main()
JS
npm ls --depth=0 | tail -n +2
gpsbabel -V | grep Version
for zone in UTC Pacific/Auckland America/New_York; do
    echo "$zone: $(TZ=$zone node read.cjs)"
    echo "$zone: gpsbabel $(TZ=$zone gpsbabel -t -i gpx -f run.gpx -o gpx -F - | grep -oE '<time>[^.<]+Z' | sed -n 1p)"
done | tee seen
diff seen - <<'TEXT'
UTC: 03-01T20:00 03-01T20:00 03-01T20:00 03-01T20:00
UTC: gpsbabel <time>2026-03-01T20:00:00Z
Pacific/Auckland: 03-01T07:00 03-01T07:00 03-01T07:00 03-01T07:00
Pacific/Auckland: gpsbabel <time>2026-03-01T20:00:00Z
America/New_York: 03-02T01:00 03-02T01:00 03-02T01:00 03-02T01:00
America/New_York: gpsbabel <time>2026-03-01T20:00:00Z
TEXT
