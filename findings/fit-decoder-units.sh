#!/usr/bin/env bash
# fit-decoder 1.0.5: climb and altitude are a hundredth or a quarter of what they are, times are ms.
#
# Guess: parseRecords ("distance is converted to meters, speed to meters/sec") gives metres for all
#        that is metres, and seconds beside them.
# Saw:   a session of 10 km in 45 min, 150 m of climb at 120 m: distance 10000, climb 1.5, altitude
#        31, timer 2700000. Whatever is metres is divided by 100; scale and offset are not looked at.
#        fit-file-parser 6.1.2: 10000, 150, 120, 2700.
# Ours:  kilometres from it are right, climb is not; apply the profile's scales yourself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    fit-decoder@1.0.5 fit-file-parser@6.1.2 >/dev/null
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

const decoder = require('fit-decoder')
const { default: FitParser } = require('fit-file-parser')
const data = fit(FILE_ID, message(18, [
  [253, 4, U32, START + 3000], [2, 4, U32, START], [5, 1, ENUM, 1], [9, 4, U32, 1_000_000], [22, 2, U16, 150], [49, 2, U16, 3100], [8, 4, U32, 2_700_000],
]))
const short = (s) => [s.total_distance, s.total_ascent, s.avg_altitude, s.total_timer_time]
const whole = data.buffer.slice(data.byteOffset, data.byteOffset + data.length)
const seen = short(decoder.parseRecords(decoder.fit2json(whole)).records.find((r) => r.type === 'session').data)
console.log('fit-decoder', version('fit-decoder'), 'distance, climb, altitude, timer:', ...seen)
new FitParser({ force: false }).parseAsync(data).then(({ sessions }) => {
  const peer = short(sessions[0])
  console.log('fit-file-parser', version('fit-file-parser'), 'the same:', ...peer)
  process.exit(String(seen) === '10000,1.5,31,2700000' && String(peer) === '10000,150,120,2700' ? 0 : 1)
})
JS
