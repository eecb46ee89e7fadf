"""Every mutation, room by room; `test_mutations.py` keeps the lists true."""

from __future__ import annotations

from tests.mutations.checks import CHECKS
from tests.mutations.clinic import CLINIC
from tests.mutations.effort import EFFORT
from tests.mutations.load import LOAD
from tests.mutations.ramp import RAMP
from tests.mutations.reading import READING

MUTANTS = [*EFFORT, *LOAD, *CHECKS, *CLINIC, *RAMP, *READING]
