#!/usr/bin/env bash
# fit-file-parser 6.1.2: a pause that begins with "stop" counts as running time.
#
# Guess: timer_time of a record (elapsedRecordField) is the time since the start without the pauses,
#        whichever of the profile's stop events (stop, stop_all, ...) ends the timer.
# Saw:   only stop_all stops it. With the event "timer, stop" and 300 s of pause the last record says
#        420 s of timer, as if nothing had been; with "timer, stop_all" 120 s.
# Ours:  minutes times RPE from the last record is up to the whole pause too high; take the session's
#        total_timer_time.
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
const record = (t, metres) => message(20, [[253, 4, U32, t], [5, 4, U32, metres * 100]])
const timer = (t, type) => message(21, [[253, 4, U32, t], [0, 1, ENUM, 0], [1, 1, ENUM, type]])
const [BEGIN, STOP, STOP_ALL] = [0, 1, 4]

/** A minute of running, five minutes of pause, a minute of running. */
const run = (stop) => fit(
  FILE_ID,
  timer(START, BEGIN), record(START, 0), record(START + 60, 180), timer(START + 60, stop),
  timer(START + 360, BEGIN), record(START + 360, 180), record(START + 420, 360), timer(START + 420, stop),
)
const read = async (stop) => {
  const parser = new FitParser({ force: false, elapsedRecordField: true })
  const { records, events } = await parser.parseAsync(run(stop))
  return [events[1].event_type, ...records.map((r) => r.timer_time)]
}
Promise.all([read(STOP), read(STOP_ALL)]).then((seen) => {
  console.log('fit-file-parser', version('fit-file-parser'), 'timer_time of four records:', JSON.stringify(seen))
  const expected = [['stop', 0, 60, 360, 420], ['stop_all', 0, 60, 60, 120]]
  process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1)
})
JS
