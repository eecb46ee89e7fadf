#!/usr/bin/env bash
# tcx-js 1.0.1, gpsbabel 1.8.0: a run without positions is at 0 degrees north, 0 degrees east.
#
# Guess: a trackpoint without a position, as on a treadmill, has none: null, or an empty cell.
# Saw:   tcx-js: latitude 0, longitude 0 (altitude, which is missing too, is null). gpsbabel, asked for
#        allpoints of a FIT: 0.000000 in the CSV, and a TCX of 600 s and 0.00 m for 1800 m.
# Ours:  such a run is in the Gulf of Guinea: a zone looked up by position gives it another day, and
#        its distance is 0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    tcx-js@1.0.1 >/dev/null
apt-get download -qq -o APT::Sandbox::User=root gpsbabel=1.8.0+ds-5 libqt5core5a libicu72 \
    libdouble-conversion3 libpcre2-16-0 libglib2.0-0 libshp2 libusb-1.0-0
for package in ./*.deb; do dpkg -x "$package" root; done
gpsbabel() {
    LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu) root/usr/bin/gpsbabel "$@"
}
cat >write.cjs <<'JS'
const fs = require('fs')
const crc = (data) => {
  let value = 0
  for (const byte of data) {
    value ^= byte
    for (let i = 0; i < 8; i++) value = (value >> 1) ^ (value & 1 ? 0xa001 : 0)
  }
  return Buffer.from([value & 255, value >> 8])
}

const fit = (...messages) => {
  const body = Buffer.concat(messages)
  const head = Buffer.from([14, 0x20, 0xa6, 0x52, 0, 0, 0, 0, ...Buffer.from('.FIT')])
  head.writeUInt32LE(body.length, 4)
  const whole = Buffer.concat([head, crc(head), body])
  return Buffer.concat([whole, crc(whole)])
}

/** Bytes of one field: a number, a list of numbers or a text, little end first. */
const bytes = ([, size, base, value]) => {
  const field = Buffer.alloc(size)
  if (typeof value === 'string') field.write(value)
  else [value].flat().forEach((v, i, all) => field.writeIntLE(v >= 2 ** (8 * size / all.length - 1) ? v - 2 ** (8 * size / all.length) : v, i * size / all.length, size / all.length))
  return field
}

/** Definition of local type 0 and one data message; fields are [number, size, base type, value]. */
const message = (number, fields, own = []) =>
  Buffer.concat([
    Buffer.from([own.length ? 0x60 : 0x40, 0, 0, number & 255, number >> 8, fields.length]),
    Buffer.from(fields.flatMap((f) => f.slice(0, 3))),
    Buffer.from(own.length ? [own.length, ...own.flatMap((f) => f.slice(0, 3))] : []),
    Buffer.from([0]),
    ...[...fields, ...own].map(bytes),
  ])

const [U8, S8, U16, U32, ENUM, BYTE, TEXT] = [0x02, 0x01, 0x84, 0x86, 0x00, 0x0d, 0x07]
const START = 1_130_000_000 // seconds since the last day of 1989: 21 October 2025, 16:53:20 UTC
const FILE_ID = message(0, [[0, 1, ENUM, 4], [1, 2, U16, 255], [4, 4, U32, START]])
const records = Array.from({ length: 61 }, (_, i) => message(20, [[253, 4, U32, START + i * 10], [5, 4, U32, i * 3000], [3, 1, U8, 150], [6, 2, U16, 3000]]))
const session = message(18, [[253, 4, U32, START + 600], [2, 4, U32, START], [5, 1, ENUM, 1], [6, 1, ENUM, 1], [8, 4, U32, 600_000], [9, 4, U32, 180_000]])
fs.writeFileSync('run.fit', fit(FILE_ID, ...records, session))
const point = (s) => `<Trackpoint><Time>2026-03-01T08:0${s / 60}:00Z</Time><DistanceMeters>${s * 3}</DistanceMeters></Trackpoint>`
fs.writeFileSync('run.tcx', '<?xml version="1.0"?><TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">' +
  '<Activities><Activity Sport="Running"><Id>2026-03-01T08:00:00Z</Id><Lap StartTime="2026-03-01T08:00:00Z"><TotalTimeSeconds>300</TotalTimeSeconds>' +
  '<DistanceMeters>900</DistanceMeters><Calories>60</Calories><Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod><Track>' +
  [0, 60, 120, 180, 240, 300].map(point).join('') + '</Track></Lap><Creator xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Device_t">' +
  '<Name>made up</Name></Creator></Activity></Activities></TrainingCenterDatabase>')
JS
node write.cjs
npm ls --depth=0 | grep tcx-js
gpsbabel -V | grep Version
{
    node -e "const { Parser } = require('tcx-js'); const t = new Parser('run.tcx').activity.trackpoints[5]
        console.log('tcx-js:', t.latitude, t.longitude, t.altitude_meters, t.distance_meters)"
    echo "gpsbabel CSV: $(gpsbabel -t -i garmin_fit,allpoints -f run.fit -o unicsv -F - | tail -n 1 | cut -d , -f 2-3)"
    echo "gpsbabel TCX: $(gpsbabel -t -i garmin_fit,allpoints -f run.fit -o gtrnctr,course=0,sport=Running -F - | grep -m 2 -oE '(TotalTimeSeconds|DistanceMeters)>[0-9.]+' | paste -s -d ' ')"
} | tee seen
diff seen - <<'TEXT'
tcx-js: 0 0 null 900
gpsbabel CSV: 0.000000,0.000000
gpsbabel TCX: TotalTimeSeconds>600 DistanceMeters>0.00
TEXT
