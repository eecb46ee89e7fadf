#!/usr/bin/env bash
# statsmodels 0.15.0: PHReg counts a row as at risk at its entry time, so days in rows count twice.
#
# Guess: rows (day, day + 1], the usual form of counting processes, give the coefficient
#        of lifelines' CoxTimeVaryingFitter: a row starts to be at risk after its entry.
# Saw:   another coefficient (0.803 for 0.659 with these seven made-up athletes): at an event time t
#        the row that ends at t and the next one that starts at t are both at risk. Entry at
#        day + 0.5 gives 0.659, as lifelines and the likelihood summed by hand (entry < t) do.
# Ours:  who fits person-periods of loadmon with PHReg has to shift the entry.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 lifelines==0.30.3 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1
venv/bin/python -W ignore - <<'PY'
import sys
from importlib.metadata import version

import numpy as np
import pandas as pd
from lifelines import CoxTimeVaryingFitter
from scipy.optimize import minimize_scalar
from statsmodels.duration.hazard_regression import PHReg

# one digit a day: trained hard or not; the last day ends in an injury where hurt is 1
athletes = [("10101", 1), ("0011001", 1), ("110", 1), ("01000100", 0), ("000110", 1), ("100011011", 1), ("011010000", 0)]
rows = np.array(
    [
        (who, day, day + 1, int(hard), int(hurt and day == len(days) - 1))
        for who, (days, hurt) in enumerate(athletes)
        for day, hard in enumerate(days)
    ],
    dtype=float,
)
_, entry, end, hard, event = rows.T


def phreg(shift):
    model = PHReg(end, hard[:, None], status=event, entry=entry + shift)
    return float(model.fit(disp=0).params[0])


def summed(closed):
    def minus_log_likelihood(beta):
        total = 0.0
        for t in np.unique(end[event == 1]):
            risk = ((entry <= t) if closed else (entry < t)) & (end >= t)
            now = (end == t) & (event == 1)
            total += now.sum() * np.log(np.exp(beta * hard[risk]).sum()) - beta * hard[now].sum()
        return total

    return minimize_scalar(minus_log_likelihood, bounds=(-5, 5), method="bounded", options={"xatol": 1e-9}).x


frame = pd.DataFrame(rows, columns=["who", "start", "stop", "hard", "event"])
fitter = CoxTimeVaryingFitter().fit(frame, id_col="who", event_col="event", start_col="start", stop_col="stop")
peer = float(fitter.params_["hard"])
whole, half = phreg(0), phreg(0.5)
print("statsmodels", version("statsmodels"), "lifelines", version("lifelines"))
print(f"PHReg, entry at day: {whole:.4f}; at day + 0.5: {half:.4f}; lifelines: {peer:.4f}")
print(f"summed by hand: entry <= t {summed(True):.4f}; entry < t {summed(False):.4f}")
near = lambda a, b: abs(a - b) < 2e-3
sys.exit(not (near(whole, 0.8026) and near(half, 0.6588) and near(peer, half) and near(summed(False), half) and near(summed(True), whole)))
PY
