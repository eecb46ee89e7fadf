"""``python -m loadmon``."""

import sys

from loadmon.cli import main

sys.exit(main())
