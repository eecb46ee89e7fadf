#!/usr/bin/env bash
# easy-fit 0.0.8: a record with a developer field has another date and another heart rate.
#
# Guess: a field of a Connect IQ app is read or left out; the fields beside it stay as they are.
# Saw:   without it 150 bpm on 21 October 2025; with it 128 bpm on 31 December 1989: the list of
#        developer fields in the definition is not skipped, all that follows is out of step.
#        fit-file-parser 6.1.2, its successor, gives 150 bpm and the field.
# Ours:  nothing is raised; who reads files of runners with such an app changes the parser.
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
const described = [
  message(207, [[1, 16, BYTE, Array.from({ length: 16 }, (_, i) => i)], [3, 1, U8, 0]]),
  message(206, [[0, 1, U8, 0], [1, 1, U8, 0], [2, 1, U8, U16], [3, 10, TEXT, 'stiffness'], [8, 5, TEXT, 'kN/m']]),
]
const record = (own) => message(20, [[253, 4, U32, START], [3, 1, U8, 150]], own)
const plain = fit(FILE_ID, record([]))
const withField = fit(FILE_ID, ...described, record([[0, 2, 0, 9]]))
const short = (r) => [r.timestamp.toISOString().slice(0, 10), r.heart_rate, r.stiffness]
const easy = (data) => new Promise((done, fail) =>
  new EasyFit({ force: false, mode: 'list' }).parse(data, (error, read) => (error ? fail(error) : done(short(read.records[0])))))

const main = async () => {
  const seen = [await easy(plain), await easy(withField)]
  console.log('easy-fit', version('easy-fit'), 'day and heart rate without and with the field:', JSON.stringify(seen))
  const peer = short((await new FitParser({ force: false }).parseAsync(withField)).records[0])
  console.log('fit-file-parser', version('fit-file-parser'), 'with the field:', JSON.stringify(peer))
  const expected = [['2025-10-21', 150, null], ['1989-12-31', 128, null]]
  process.exit(JSON.stringify(seen) === JSON.stringify(expected) && String(peer) === '2025-10-21,150,9' ? 0 : 1)
}
main()
JS
