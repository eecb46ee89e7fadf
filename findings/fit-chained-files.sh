#!/usr/bin/env bash
# fit-file-parser 6.1.2, sports-lib 21.2.5: of chained FIT files only the first run is read.
#
# Guess: a .fit that holds two FIT files one after the other, as the protocol allows, gives both
#        runs, or an error: strict mode (force: false) checks the length and the CRC.
# Saw:   one run in each, of the first day, and no error; fit-decoder 1.0.5 reads both.
# Ours:  a run disappears in silence where somebody appended files; look for a second header.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    fit-file-parser@6.1.2 @sports-alliance/sports-lib@21.2.5 fit-decoder@1.0.5 >/dev/null
node - <<'JS'
const version = (name) => JSON.parse(require('fs').readFileSync(`node_modules/${name}/package.json`)).version

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

const { default: FitParser } = require('fit-file-parser')
const { SportsLib } = require('@sports-alliance/sports-lib')
const decoder = require('fit-decoder')
const session = (start) => message(18, [
  [253, 4, U32, start + 600], [2, 4, U32, start], [5, 1, ENUM, 1], [7, 4, U32, 600_000], [8, 4, U32, 600_000], [9, 4, U32, 180_000],
])
const run = (start) => {
  const records = []
  for (let s = 0; s <= 600; s += 10) records.push(message(20, [[253, 4, U32, start + s], [5, 4, U32, s * 300], [3, 1, U8, 150]]))
  return fit(FILE_ID, ...records, session(start))
}
const data = Buffer.concat([run(START), run(START + 86_400)])
const whole = data.buffer.slice(data.byteOffset, data.byteOffset + data.length)

const main = async () => {
  const parsed = await new FitParser({ force: false }).parseAsync(data)
  const days = parsed.sessions.map((s) => s.start_time.toISOString().slice(0, 10))
  console.log('fit-file-parser', version('fit-file-parser'), 'runs on:', ...days)
  const event = await SportsLib.importFromFit(whole)
  const runs = event.getActivities().map((a) => a.startDate.toISOString().slice(0, 10))
  console.log('sports-lib', version('@sports-alliance/sports-lib'), 'runs on:', ...runs)
  const peer = decoder.parseRecords(decoder.fit2json(whole)).records.filter((r) => r.type === 'session')
  const both = peer.map((r) => new Date(r.data.start_time).toISOString().slice(0, 10))
  console.log('fit-decoder', version('fit-decoder'), 'runs on:', ...both)
  const held = String(days) === '2025-10-21' && String(runs) === '2025-10-21' && String(both) === '2025-10-21,2025-10-22'
  process.exit(held ? 0 : 1)
}
main()
JS
