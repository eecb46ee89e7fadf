#!/usr/bin/env bash
# fit-file-parser 6.1.2, fitdecode 0.11.0, fitparse 1.2.0: steps of a day are halved.
#
# Guess: a monitoring message of a watch, 1100 steps of walking, is 1100 steps: the profile makes
#        cycles (scale 2) steps (scale 1) where the activity type is walking or running.
# Saw:   fit-file-parser: cycles 550, however the type is given. The others: 1100 steps where the
#        type stands in its own field, cycles 550 where it is packed into one byte with the intensity
#        (current_activity_type_intensity); they unpack it, but too late.
# Ours:  half the steps of a day, and nothing says so; double cycles of walking and running.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    fit-file-parser@6.1.2 >/dev/null
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    fitdecode==0.11.0 fitparse==1.2.0
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
const [WALKING, CYCLES] = [6, 1100]
const own = message(55, [[253, 4, U32, START + 60], [5, 1, ENUM, WALKING], [3, 4, U32, CYCLES]])
const packed = message(55, [[253, 4, U32, START + 120], [24, 1, BYTE, (1 << 5) | WALKING], [3, 4, U32, CYCLES]])
fs.writeFileSync('day.fit', fit(message(0, [[0, 1, ENUM, 15], [1, 2, U16, 255], [4, 4, U32, START]]), own, packed))
JS
cat >read.cjs <<'JS'
const { default: FitParser } = require('fit-file-parser')
new FitParser({ force: false }).parseAsync(require('fs').readFileSync('day.fit')).then(({ monitors }) => {
  for (const m of monitors) console.log('fit-file-parser', 'steps' in m ? `steps ${m.steps}` : `cycles ${m.cycles}`)
})
JS
cat >read.py <<'PY'
import fitdecode
import fitparse

def show(name, values):
    which = "steps" if values.get("steps") is not None else "cycles"
    print(name, which, int(values[which]))

with fitdecode.FitReader("day.fit") as reader:
    for frame in reader:
        if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "monitoring":
            show("fitdecode", {field.name: field.value for field in frame.fields})
for frame in fitparse.FitFile("day.fit").get_messages("monitoring"):
    show("fitparse", frame.get_values())
PY
node write.cjs
npm ls --depth=0 | grep fit-file-parser
venv/bin/python -m pip freeze
{ node read.cjs; venv/bin/python -W ignore read.py; } | tee seen
diff seen - <<'TEXT'
fit-file-parser cycles 550
fit-file-parser cycles 550
fitdecode steps 1100
fitdecode cycles 550
fitparse steps 1100
fitparse cycles 550
TEXT
