#!/usr/bin/env bash
# pyarrow 26.0.1, pandas 3.1.1: a types_mapper meant for one nullable column changes all of that type.
#
# Guess: a table made by Table.from_pandas remembers each column's dtype, and to_pandas goes back to
#        it; the mapper speaks only where nothing is remembered. Without a mapper both come back.
# Saw:   the mapper wins over what is remembered: a plain bool column comes back as boolean, which
#        has pd.NA and other truth rules. Without it bool and boolean both come back as they were.
# Ours:  a partition read with a mapper is not the frame that was written; read without one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    pyarrow==26.0.1 pandas==3.1.1
venv/bin/python -W ignore - <<'PY'
import sys
from importlib.metadata import version

import pandas as pd
import pyarrow as pa

frame = pd.DataFrame({"run_day": [True, False], "race": pd.array([True, None], dtype="boolean")})
table = pa.Table.from_pandas(frame, preserve_index=False)
plain = table.to_pandas().dtypes.astype(str).to_dict()
mapped = table.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get).dtypes.astype(str).to_dict()
print("pyarrow", version("pyarrow"), "pandas", version("pandas"))
print("written and read:", plain)
print("read with a types_mapper:", mapped)
sys.exit(
    not (
        plain == {"run_day": "bool", "race": "boolean"}
        and mapped == {"run_day": "boolean", "race": "boolean"}
    )
)
PY
