#!/usr/bin/env bash
# @markw65/fit-file-writer 0.1.9: the scale of a field is applied to a number, not to a list.
#
# Guess: total_timer_time: 600 and time_in_hr_zone: [60, 120, 420], both in seconds of scale 1000,
#        are read back as 600 and [60, 120, 420].
# Saw:   600 and [0.06, 0.12, 0.42]: the list is written as it is, so ten minutes in zones are
#        0.6 s.
# Ours:  a load by zones from files made with it is a thousandth; multiply lists yourself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    @markw65/fit-file-writer@0.1.9 fit-file-parser@6.1.2 >/dev/null
node - <<'JS'
const version = (name) => JSON.parse(require('fs').readFileSync(`node_modules/${name}/package.json`)).version

const { FitWriter } = require('@markw65/fit-file-writer')
const { default: FitParser } = require('fit-file-parser')
const writer = new FitWriter()
const start = writer.time(new Date(Date.UTC(2026, 2, 1, 8)))
writer.writeMessage('file_id', { type: 'activity', manufacturer: 'development', product: 1, serial_number: 7, time_created: start }, null, true)
writer.writeMessage('session', {
  timestamp: start + 600, start_time: start, sport: 'running', total_timer_time: 600, total_distance: 1800, time_in_hr_zone: [60, 120, 420],
}, null, true)
const view = writer.finish()
new FitParser({ force: false }).parseAsync(Buffer.from(view.buffer, view.byteOffset, view.byteLength)).then(({ sessions: [session] }) => {
  const seen = [session.total_timer_time, session.total_distance, session.time_in_hr_zone]
  console.log('fit-file-writer', version('@markw65/fit-file-writer'), 'read by fit-file-parser', version('fit-file-parser') + ':', JSON.stringify(seen))
  process.exit(JSON.stringify(seen) === '[600,1800,[0.06,0.12,0.42]]' ? 0 : 1)
})
JS
