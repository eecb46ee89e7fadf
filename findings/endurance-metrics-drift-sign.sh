#!/usr/bin/env bash
# endurance-metrics 0.1.0: cardiac drift has the sign opposite to its documentation.
#
# Guess: steady 200 W, heart rate 140 in the first half hour and 154 in the second: calculate_decoupling is
#        about +9 or +10, since its documentation says that positive is cardiac drift.
# Saw:   -9.1; a heart rate that falls from 154 to 140 gives +10.0.
# Ours:  a test "below +5 is aerobically fit" passes every drift; turn the sign.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    endurance-metrics==0.1.0
venv/bin/python -W ignore - <<'PY'
import sys
from importlib.metadata import version

from endurance_metrics import calculate_decoupling

steady = [200.0] * 3600
rising = calculate_decoupling(steady, [140.0] * 1800 + [154.0] * 1800)
falling = calculate_decoupling(steady, [154.0] * 1800 + [140.0] * 1800)
said = [line.strip() for line in calculate_decoupling.__doc__.splitlines() if "drift" in line]
print("endurance-metrics", version("endurance-metrics"), said)
print("heart rate rises by 10 %:", rising, "falls:", falling)
sys.exit(not (rising == -9.1 and falling == 10.0 and "positive = cardiac drift" in said[0]))
PY
