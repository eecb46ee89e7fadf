#!/usr/bin/env bash
# lifelines 0.30.3: installed beside pandas 3, it takes pandas back to 2.
#
# Guess: the newest lifelines works with the pandas 3.1.1 that is there, or pip refuses.
# Saw:   its metadata say pandas<3.0,>=2.1; `pip install lifelines` ends with 0, and pandas is a 2.3
#        afterwards. No warning of a quiet install names pandas.
# Ours:  whoever puts lifelines beside loadmon for person-periods reads his files with another
#        pandas from then on (other string dtype, copies and times): a venv of its own for each.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
install=(venv/bin/python -m pip install --quiet --disable-pip-version-check)
"${install[@]}" pandas==3.1.1 numpy==2.4.6
before=$(venv/bin/python -c 'from importlib.metadata import version as v; print(v("pandas"))')
"${install[@]}" lifelines==0.30.3 numpy==2.4.6 scipy==1.17.1
venv/bin/python - "$before" <<'PY'
import sys
from importlib.metadata import requires, version

wish = [r for r in requires("lifelines") or [] if r.startswith("pandas")]
after = version("pandas")
print("lifelines", version("lifelines"), "wants", wish)
print("pandas before:", sys.argv[1], "after:", after)
sys.exit(not (wish == ["pandas<3.0,>=2.1"] and sys.argv[1] == "3.1.1" and after.startswith("2.")))
PY
