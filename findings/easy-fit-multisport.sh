#!/usr/bin/env bash
# easy-fit 0.0.8: of a triathlon whose summaries stand at its end the swim gets all, the run nothing.
#
# Guess: mode "cascade" nests laps and records in the session of their time, in whichever order the
#        file has them: all records first and all summaries last is one of the usual two.
# Saw:   the swim holds all three laps and all 25 records, the ride and the run hold none. With each
#        summary after its own records 10, 10 and 5. fit-file-parser 6.1.2 has 10, 10, 5 for both.
# Ours:  heart rate by sport from it is wrong without an error; match by time.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    easy-fit@0.0.8 fit-file-parser@6.1.2 >/dev/null
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

const { default: EasyFit } = require('easy-fit')
const { default: FitParser } = require('fit-file-parser')
const parts = [[5, 0, 600], [2, 600, 1200], [1, 1200, 1500]] // sport, from second, to second
const summary = (number) => ([sport, from, to], i) => message(number, [
  [254, 2, U16, i], [253, 4, U32, START + to], [2, 4, U32, START + from], [number === 18 ? 5 : 25, 1, ENUM, sport],
  [7, 4, U32, (to - from) * 1000], [8, 4, U32, (to - from) * 1000],
])
const records = ([, from, to]) => {
  const all = []
  for (let s = from; s < to; s += 60) all.push(message(20, [[253, 4, U32, START + s], [3, 1, U8, 140]]))
  return Buffer.concat(all)
}
const whole = message(34, [[253, 4, U32, START + 1500], [0, 4, U32, 1_500_000], [1, 2, U16, 3]])
const last = fit(FILE_ID, ...parts.map(records), ...parts.map(summary(19)), ...parts.map(summary(18)), whole)
const each = fit(FILE_ID, ...parts.flatMap((p, i) => [records(p), summary(19)(p, i), summary(18)(p, i)]), whole)
const short = ({ activity }) => activity.sessions.map((s) => `${s.sport} ${s.laps.length} ${s.laps.flatMap((l) => l.records).length}`).join(', ')
const easy = (data) => new Promise((done, fail) =>
  new EasyFit({ force: false, mode: 'cascade' }).parse(data, (error, read) => (error ? fail(error) : done(short(read)))))
const successor = async (data) => short(await new FitParser({ force: false, mode: 'cascade' }).parseAsync(data))

const main = async () => {
  const seen = [await easy(last), await easy(each)]
  console.log('easy-fit', version('easy-fit'), 'sport, laps, records; summaries last:', seen[0])
  console.log('easy-fit', version('easy-fit'), 'each summary after its records:', seen[1])
  const peer = [await successor(last), await successor(each)]
  console.log('fit-file-parser', version('fit-file-parser'), 'summaries last:', peer[0])
  const right = 'swimming 1 10, cycling 1 10, running 1 5'
  process.exit(seen[0] === 'swimming 3 25, cycling 0 0, running 0 0' && seen[1] === right && peer.every((p) => p === right) ? 0 : 1)
}
main()
JS
