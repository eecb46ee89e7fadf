"""Templates of the pages: how words get into them, and where what they compile to is kept."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket

from loadmon import __version__
from loadmon.diary import write_whole
from loadmon.errors import SettingError
from loadmon.text import shown_lines

_OPTIONS: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
_DIGEST = hashlib.sha256


def filled(name: str, shown: Callable[[str], str] = shown_lines, /, **content: Any) -> str:
    """Text of a template with its content; every text goes through `shown`, then it is escaped."""

    @pass_context  # so that nothing is worked out while a template is compiled
    def finalize(_: Any, value: Any) -> Any:
        return shown(value) if type(value) is str else value

    environment = Environment(
        loader=PackageLoader("loadmon.report"),
        undefined=StrictUndefined,
        finalize=finalize,
        bytecode_cache=_Compiled(),
        **_OPTIONS,
    )
    return environment.get_template(name).render(content)


class _Compiled(BytecodeCache):
    """What templates compile to, beside the compiled modules of Python and by the same rules.

    So a page costs a fifth less. Nothing is kept where Python keeps nothing or cannot write.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Name a template by its file."""
        return filename or name

    def get_source_checksum(self, source: str) -> str:
        """Tell apart templates, and programs that compile them in another way."""
        return _DIGEST(f"{__version__} {_OPTIONS} {source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept if it is as it was written."""
        with suppress(OSError, NotImplementedError):
            kept = Path(cache_from_source(bucket.key)).read_bytes()
            size = _DIGEST().digest_size
            if _DIGEST(kept[size:]).digest() == kept[:size]:
                bucket.bytecode_from_string(kept[size:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError, SettingError, NotImplementedError):
            place = Path(cache_from_source(bucket.key))
            os.makedirs(place.parent, exist_ok=True)
            code = bucket.bytecode_to_string()
            write_whole(place, _DIGEST(code).digest() + code)
