#!/usr/bin/env bash
# easy-fit 0.0.8: the altitudes of a session are 1000 m too high, those of its records are right.
#
# Guess: a run at 120 m has 120 m in its records and 100 to 140 m in its session.
# Saw:   record 120, session average 1120, lowest 1100, highest 1140: the offset of 500 m is added
#        where it is taken off. fit-file-parser 6.1.2 gives 120, 100, 140.
# Ours:  a table of "runs at altitude" made from sessions is wrong for everybody; take the records.
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
const data = fit(
  FILE_ID,
  message(20, [[253, 4, U32, START], [2, 2, U16, 3100]]),
  message(18, [[253, 4, U32, START + 600], [2, 4, U32, START], [5, 1, ENUM, 1], [49, 2, U16, 3100], [71, 2, U16, 3000], [50, 2, U16, 3200]]),
)
const short = ({ records: [r], sessions: [s] }) => [r.altitude, s.avg_altitude, s.min_altitude, s.max_altitude]
const easy = () => new Promise((done, fail) =>
  new EasyFit({ force: false, mode: 'list' }).parse(data, (error, read) => (error ? fail(error) : done(short(read)))))

const main = async () => {
  const seen = await easy()
  console.log('easy-fit', version('easy-fit'), 'record; average, lowest, highest of the session:', ...seen)
  const peer = short(await new FitParser({ force: false }).parseAsync(data))
  console.log('fit-file-parser', version('fit-file-parser'), 'the same:', ...peer)
  process.exit(String(seen) === '120,1120,1100,1140' && String(peer) === '120,120,100,140' ? 0 : 1)
}
main()
JS
