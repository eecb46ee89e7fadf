"""Every mutation, room by room; `test_mutations.py` keeps the lists true."""

from __future__ import annotations

from tests.mutations.checks import CHECKS
from tests.mutations.clinic import CLINIC
from tests.mutations.load import LOAD

MUTANTS = [*LOAD, *CHECKS, *CLINIC]
