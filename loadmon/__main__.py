"""How the program starts: ``loadmon``, and ``python -m loadmon``.

Nothing is imported before `start` but what every Python has loaded, so that a stop at the keyboard
in the first moment is a stop like any other.
"""

import gc
import os
import sys


def start() -> int:
    """Run the command that was typed and return its exit code."""
    # Nothing is multiplied by matrices here, and each thread of them takes its share of memory at
    # once: with many processors and little memory the library would end the process.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a command makes lives until it ends, and next to nothing of it refers to itself: looking
    # for what does would take a tenth of the time.
    gc.disable()
    try:
        if sys.argv[1:] in (["--help"], ["-h"]) and _has_helped():
            return 0
        from loadmon.cli.screen import catch_stops, ignore_stops

        catch_stops()
        import warnings

        if not sys.warnoptions:  # what a library thinks of its own future is not for a runner
            warnings.simplefilter("ignore")
        from loadmon.cli.kept import run

        code = run(sys.argv[1:])
        ignore_stops()
    except KeyboardInterrupt:
        print("loadmon: stopped", file=sys.stderr)
        return 130
    return code


def _has_helped() -> bool:
    """Write the help; where that fails, what is to be done is known below."""
    from loadmon.cli.commands import show_help

    try:
        show_help()
    except (AttributeError, OSError, UnicodeError):
        return False
    return True


if __name__ == "__main__":
    # Python puts the current folder first on the path here. A file of that folder, such as an
    # unpacked export, is data and no program: what is imported from now on comes from elsewhere.
    # What Python itself has imported until here may come from there; `python -P -m` leaves it out.
    if not sys.flags.safe_path and os.path.realpath(sys.path[0]) == os.path.realpath(os.curdir):
        del sys.path[0]
    sys.exit(start())
