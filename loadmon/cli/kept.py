"""What a command told, kept for the next time that nothing has changed, and told again at once.

A command that prints, typed again over files that are the same, prints the same: its texts and its
exit code are kept in the cache of readings (`loadmon.io.cache`), in a row that bears the words that
were typed and where they are printed. A page that it wrote has to be there still, byte for byte.
What they rest on is kept beside them, as one hash: the day; the program, its packages, Python and
the variables of the environment that any of them looks at; names and stamps of all files under the
paths; settings, diaries and logs, those that are not there as well; the zips beside a zip. Where
any of it is another the command runs, as it does where the row is damaged, of another version, or
made by a reading that another reading may not repeat.

A stamp proves nothing of a file that was young when it was noted (`STABLE_NS`): what rests on one
is not kept. What follows a link is not either, nor what ``--no-cache`` or ``--record`` told.

Below this neither numpy nor pandas is imported: that is what makes it fast.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from contextlib import suppress

from loadmon.cli.ends import ended
from loadmon.cli.screen import is_terminal, listen, tell
from loadmon.errors import ReadError
from loadmon.io.cache import STABLE_NS, Store, cache_folder
from loadmon.io.walk import stamp_of, walk

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from loadmon.cli.screen import Told

#: Commands that print, and at most write a page.
COMMANDS = ("report", "weekly", "activities", "files", "today", "check", "lookback")
#: Beginnings of the variables that the program, Python and its packages look at.
_VARIABLES = (
    *("LOADMON", "PYTHON", "PANDAS", "NPY", "NUMPY", "TZ", "LANG", "LC_", "NO_COLOR", "TERM"),
    *("COLUMNS", "LINES", "HOME", "XDG_", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
)
#: Files that tell which edition of the time zones, and which zone, a machine has.
_ZONES = ("/usr/share/zoneinfo/tzdata.zi", "/usr/share/lib/zoneinfo/tzdata.zi", "/etc/localtime")
#: Ends of names beside a recording that something is said of.
_SAID_OF = (".zip", *(f"{n}{end}" for n in ("diary.csv", "athlete.toml") for end in ("", ".txt")))
_KIND, _VERSION, _HASH = "told", b"told 2", 32
_HOUSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(words: Sequence[str]) -> int:
    """Tell again what a command told, if it would tell the same; otherwise run it and keep it."""
    answer = None
    # Who asks Python for its warnings wants to see them.
    with suppress(OSError):  # such as a current folder that is gone
        is_asked = words and words[0] in COMMANDS and not {"-h", "--help"} & {*words}
        if is_asked and not sys.warnoptions:
            answer = Answer(words)
    if answer and (known := answer.recalled()):
        told, code = known

        def again() -> int:
            tell(told)
            return code

        return ended(again, words)
    from loadmon.cli.main import main

    return main(words, answer)


class Answer:
    """What one command tells, and what it rests on."""

    __slots__ = (
        *("_circumstances", "_files", "_latest_s", "_name", "_pages", "_paths", "_state", "_told"),
    )

    def __init__(self, words: Sequence[str]):
        self._name = _hash([*words, "", *_place()])
        self._circumstances = _circumstances()
        self._paths: list[str] = []
        self._files: list[str] = []
        self._pages: dict[str, str] = {}  # what was written: path and hash
        self._state = ""  # of the files before they were read; empty where nothing can be kept
        self._latest_s = float("inf")  # nothing counts before this time
        self._told = listen()

    def recalled(self) -> tuple[list[Told], int] | None:
        """Give the texts and the exit code, if they are kept and nothing is another."""
        value = _store().get(_KIND, [self._name]).get(self._name, b"")
        if value[:_HASH].decode() != self._circumstances or not self._circumstances:
            return None
        paths, files, state, latest_s, pages, code, told = json.loads(value[_HASH:])
        if latest_s > time.time() or _state_of(paths, files) != state:
            return None
        if any(_hash_of(path) != kept for path, kept in pages.items()):
            return None
        return told, code

    def begin(self, args: argparse.Namespace, files: Iterable[str]) -> None:
        """Note the state of all that is read now: the paths, and other files, if there are any."""
        if args.no_cache or getattr(args, "record", False):
            return
        self._paths, self._files = list(args.paths), [*files]
        self._state = _state_of(self._paths, self._files)

    def hold_from(self, latest_s: float) -> None:
        """Say from when on what was read is read so again; without it nothing is kept. [Unix s]"""
        self._latest_s = latest_s

    def wrote(self, path: str | os.PathLike[str], data: bytes) -> None:
        """Note what was written into a file."""
        self._pages[os.path.abspath(path)] = _hashed(data)

    def keep(self, code: int) -> None:
        """Keep what was told, unless something changed while it was made."""
        if not self._state or not self._circumstances or self._latest_s > time.time():
            return
        state = _state_of(self._paths, self._files)
        if state != self._state or _circumstances() != self._circumstances:
            return
        kept = [self._paths, self._files, state, self._latest_s, self._pages, code, self._told]
        store = _store()
        store.put([(_KIND, self._name, self._circumstances.encode() + json.dumps(kept).encode())])
        store.trim()


def _store() -> Store:
    return Store(cache_folder().absolute(), _VERSION, int(time.time()) // 86_400)


def _place() -> Iterator[str]:
    """Where words are typed and answers printed, as far as it has a say in them."""
    yield os.getcwd()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        yield f"{getattr(stream, 'encoding', '')} {is_terminal(stream)}"
    with suppress(OSError, ValueError, AttributeError):  # it is no terminal
        yield str(os.get_terminal_size(sys.__stdout__.fileno()))  # type: ignore[union-attr]


def _circumstances() -> str:
    """Hash of day, program and environment; empty where a file of the program is too young."""
    now_ns = time.time_ns()
    seen = [*_sources(_HOUSE), *_packages(), *map(_stamped, _ZONES)]
    if any(max(stamp[1:3]) + STABLE_NS > now_ns for _, stamp in seen if stamp):
        return ""
    values = [f"{name}={os.environ[name]}" for name in sorted(os.environ)]
    values = [value for value in values if value.startswith(_VARIABLES)]
    day = time.strftime("%Y-%m-%d %z")
    # The zone of the machine may change without a variable that tells it.
    return _hash([day, *time.tzname, sys.version, repr(sys.flags), *sys.path, *values, repr(seen)])


_Seen = tuple[str, tuple[int, ...]]


def _sources(folder: str) -> Iterator[_Seen]:
    """Every file of the program that is read while it runs."""
    with os.scandir(folder) as found:
        for entry in sorted(found, key=lambda e: e.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _sources(entry.path)
            else:
                yield _stamped(entry.path)


def _packages() -> Iterator[_Seen]:
    """What tells the versions of packages: the folders that installers write beside them."""
    for folder in sys.path:
        with suppress(OSError):
            for name in sorted(os.listdir(folder)):
                if name.endswith((".dist-info", ".egg-info")):
                    yield _stamped(os.path.join(folder, name))


def _stamped(path: str) -> _Seen:
    """Path and stamp of a file; an empty one where there is none."""
    try:
        return path, stamp_of(os.stat(path))
    except (OSError, ValueError):
        return path, ()


def _state_of(paths: Sequence[str], files: Sequence[str]) -> str:
    """Hash of all inputs by names and stamps; empty where these are too young or tell not all."""
    now_ns = time.time_ns()
    parts: list[str] = []
    stamps: list[int] = []
    try:
        for entry in walk(tuple(paths)):
            if entry.problem and entry.problem.reason != "system-file":
                return ""
            parts.append(entry.name)
            stamps += entry.stamp
    except ReadError:
        return ""
    latest_ns = max([0, *stamps[1::4], *stamps[2::4]])
    parts.append(repr(stamps))
    for path in paths:
        real = os.path.realpath(path)
        parts.append(real)
        if not os.path.isdir(real):
            with suppress(OSError):
                beside = os.listdir(os.path.dirname(real))
                parts += sorted(name for name in beside if name.lower().endswith(_SAID_OF))
    for path, stamp in map(_stamped, files):
        if os.path.isdir(path):
            stamp = (0,)
        elif stamp:
            latest_ns = max(latest_ns, *stamp[1:3])
        parts.append(f"{path}\0{stamp}")
    return _hash(parts) if latest_ns + STABLE_NS <= now_ns else ""


def _hash_of(path: str | os.PathLike[str]) -> str:
    """Hash of a file; empty where there is none, or it is a device, which has no end."""
    if not os.path.isfile(path):
        return ""
    try:
        with open(path, "rb") as file:
            return _hashed(file.read())
    except OSError:
        return ""


def _hash(parts: Iterable[str]) -> str:
    return _hashed("\0\0".join(parts).encode("utf-8", "surrogatepass"))


def _hashed(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=_HASH // 2).hexdigest()
