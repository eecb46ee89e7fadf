#!/usr/bin/env bash
# statsmodels 0.15.0: the interval "sqrtcc" of a ratio of two rates leaves out the exposures.
#
# Guess: 30 injuries in 100 days against 30 in 1000 days are a ratio of 10; every interval that
#        confint_poisson_2indep offers holds 10.
# Saw:   "sqrtcc" gives 0.60 to 1.67, the same as for 30 in 100 against 30 in 100: an interval of
#        the ratio of the counts. "score" (6.1 to 16.5) and "wald-log" (6.0 to 16.6) hold 10.
# Ours:  no reference for rate ratios of flags, where days with and without a flag differ most.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 pandas==3.1.1 numpy==2.4.6 scipy==1.17.1
venv/bin/python -W ignore - <<'PY'
import sys
from importlib.metadata import version

from statsmodels.stats.rates import confint_poisson_2indep

def interval(days, method):
    return [float(v) for v in confint_poisson_2indep(30, 100, 30, days, method=method)]


print("statsmodels", version("statsmodels"))
seen = {m: interval(1000, m) for m in ("sqrtcc", "score", "wald-log")}
for method, (low, high) in seen.items():
    print(f"ratio 10, {method}: {low:.3f} to {high:.3f}")
low, high = seen["sqrtcc"]
same = interval(100, "sqrtcc") == seen["sqrtcc"]
print("sqrtcc of equal exposures is the same interval:", same)
others = all(seen[m][0] < 10 < seen[m][1] for m in ("score", "wald-log"))
sys.exit(not (high < 10 and same and others and abs(low - 0.6) < 0.005 and abs(high - 1.666) < 0.005))
PY
