#!/usr/bin/env bash
# sport-activities-features 0.6.0: its four TRIMPs are in three units.
#
# Guess: an hour at 75 % of the maximum: EdwardsTRIMP is 180 (60 min times 3), LuciaTRIMP 60, in
#        minutes as in the papers that its documentation names and as BanisterTRIMPv2 counts.
# Saw:   EdwardsTRIMP 10800 and LuciaTRIMP 3600: zone times seconds, 60 times the published unit.
#        BanisterTRIMPv1 is seconds times bpm (540000), BanisterTRIMPv2 minutes (143.9).
# Ours:  a history that changes the method, or a limit from a paper, is off by 60; divide by 60.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check \
    sport-activities-features==0.6.0
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version

from sport_activities_features.training_loads import BanisterTRIMPv1, BanisterTRIMPv2, EdwardsTRIMP, LuciaTRIMP

start = dt.datetime(2026, 3, 1, 8)
times = [start + dt.timedelta(seconds=i) for i in range(3601)]
beats = [150] * 3601
seen = {
    "Edwards": float(EdwardsTRIMP(beats, times, 200).calculate_TRIMP()),
    "Lucia": float(LuciaTRIMP(beats, times, 160, 180).calculate_TRIMP()),
    "Banister 1": float(BanisterTRIMPv1(3600, 150).calculate_TRIMP()),
    "Banister 2": round(float(BanisterTRIMPv2(3600, 150, 50, 200).calculate_TRIMP()), 1),
}
print("sport-activities-features", version("sport-activities-features"), seen)
sys.exit(seen != {"Edwards": 10800, "Lucia": 3600, "Banister 1": 540000, "Banister 2": 143.9})
PY
