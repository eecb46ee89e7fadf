#!/usr/bin/env bash
# statsmodels 0.15.0: the default interval of a rate ratio is a single point where a count is zero.
#
# Guess: 5 injuries in 40 days against none in 40 have a ratio from some lower bound to infinity
#        (or nan, or an error): confint_poisson_2indep(5, 40, 0, 40), default method "score".
# Saw:   (1.3016, 1.3016): lower and upper bound are one number; the same with the zero first.
# Ours:  reads as a ratio known exactly from five events. Not a reference for small studies.
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

print("statsmodels", version("statsmodels"))
held = True
for counts in ((5, 40, 0, 40), (12, 40, 0, 300), (0, 40, 12, 300)):
    low, high = (float(v) for v in confint_poisson_2indep(*counts))
    print(counts, f"{low:.6f} to {high:.6f}")
    held = held and 0 <= high - low < 1e-6 * low
sys.exit(not held)
PY
