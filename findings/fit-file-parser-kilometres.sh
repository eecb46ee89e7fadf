#!/usr/bin/env bash
# fit-file-parser 6.1.2: with lengthUnit "km" some lengths are km, others stay metres or millimetres.
#
# Guess: lengthUnit: 'km' ("converts distance, altitude, and other length-related fields") gives
#        every length of a session in km, or leaves all but the distance as they are.
# Saw:   distance 10, climb 0.15 and altitude 0.12 are km; a pool of 25 m stays 25, a step of 1.05 m
#        stays 1050 (mm), and none carries its unit.
# Ours:  lengths times pool length is a thousand times the distance beside it: keep lengthUnit 'm'.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    fit-file-parser@6.1.2 >/dev/null
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
const data = fit(FILE_ID, message(18, [
  [253, 4, U32, START + 3600], [2, 4, U32, START], [5, 1, ENUM, 1], [9, 4, U32, 1_000_000], [22, 2, U16, 150],
  [49, 2, U16, 3100], [44, 2, U16, 2500], [134, 2, U16, 10_500],
]))
const names = ['total_distance', 'total_ascent', 'avg_altitude', 'pool_length', 'avg_step_length']
const read = async (lengthUnit) => {
  const { sessions } = await new FitParser({ force: false, lengthUnit }).parseAsync(data)
  return names.map((name) => sessions[0][name])
}
Promise.all([read('m'), read('km')]).then(([metres, kilometres]) => {
  console.log('fit-file-parser', version('fit-file-parser'), names.join(', '))
  console.log('m: ', ...metres)
  console.log('km:', ...kilometres)
  const held = String(metres) === '10000,150,120,25,1050' && String(kilometres) === '10,0.15,0.12,25,1050'
  process.exit(held ? 0 : 1)
})
JS
