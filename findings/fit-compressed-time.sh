#!/usr/bin/env bash
# gpsbabel 1.8.0, easy-fit 0.0.8, fit-decoder 1.0.5: records with a compressed time stamp lose their time.
#
# Guess: a record a second apart whose header holds the five lowest bits of its time (the protocol's
#        compressed form) is at the second it was made: 90 s of running.
# Saw:   gpsbabel: from the 32nd second on the clock starts anew, 90 s become 31 s in which points go
#        back and forth. easy-fit: 5 of 91 records, one of them with a time of that day. fit-decoder:
#        all records, all but the first without a time. fit-file-parser 6.1.2: 90 s.
# Ours:  loadmon reads them (fitdecode does); do not pass such files through the first three.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    easy-fit@0.0.8 fit-decoder@1.0.5 fit-file-parser@6.1.2 >/dev/null
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
const S32 = 0x85
const place = (s) => [[0, 4, S32, Math.round(((50 + (s * 3) / 111195) / 180) * 2 ** 31)], [1, 4, S32, Math.round((10 / 180) * 2 ** 31)]]
const fields = (s) => [...place(s), [3, 1, U8, 150]]
const first = message(20, [[253, 4, U32, START], ...fields(0)])
const layout = Buffer.from([0x41, 0, 0, 20, 0, 3, ...fields(0).flatMap((f) => f.slice(0, 3))]) // local type 1, without a time
const compressed = (s) => Buffer.concat([Buffer.from([0xa0 | ((START + s) & 31)]), ...fields(s).map(bytes)])
fs.writeFileSync('run.fit', fit(FILE_ID, first, layout, ...Array.from({ length: 90 }, (_, i) => compressed(i + 1))))
JS
cat >read.cjs <<'JS'
const fs = require('fs')
const { default: EasyFit } = require('easy-fit')
const { default: FitParser } = require('fit-file-parser')
const decoder = require('fit-decoder')
const data = fs.readFileSync('run.fit')
const kinds = (times) => {
  const known = times.filter((t) => t && Math.abs(new Date(t) - Date.UTC(2025, 9, 21, 16, 53, 20)) < 86_400_000)
  return `${times.length} records, ${known.length} with a time of that day`
}
const whole = data.buffer.slice(data.byteOffset, data.byteOffset + data.length)
const main = async () => {
  new EasyFit({ force: false, mode: 'list' }).parse(data, (error, read) => {
    if (error) throw error
    console.log('easy-fit:', kinds(read.records.map((r) => r.timestamp)))
  })
  const read = decoder.parseRecords(decoder.fit2json(whole)).records.filter((r) => r.type === 'record')
  console.log('fit-decoder:', kinds(read.map((r) => r.data.timestamp)))
  const { records } = await new FitParser({ force: false }).parseAsync(data)
  console.log('fit-file-parser:', kinds(records.map((r) => r.timestamp)) + ',', (records.at(-1).timestamp - records[0].timestamp) / 1000, 's')
}
main()
JS
node write.cjs
npm ls --depth=0 | tail -n +2
gpsbabel -V | grep Version
{
    node read.cjs
    TZ=UTC gpsbabel -t -i garmin_fit -f run.fit -o unicsv -F - | tr -d '\r' | cut -d , -f 6 >times
    echo "gpsbabel: $(($(wc -l <times) - 1)) points, $(tail -n +2 times | sort -u | sed -n '1p;$p' | paste -s -d ' '), last $(tail -n 1 times)"
} | tee seen
diff seen - <<'TEXT'
easy-fit: 5 records, 1 with a time of that day
fit-decoder: 91 records, 1 with a time of that day
fit-file-parser: 91 records, 91 with a time of that day, 90 s
gpsbabel: 91 points, 16:53:20 16:53:51, last 16:53:46
TEXT
