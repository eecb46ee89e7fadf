"""Every message of a FIT file as DataFrames."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from pathlib import Path

import pandas as pd

from loadmon.errors import FileProblem, ReadError
from loadmon.reading.fit.blocks import frames_of
from loadmon.reading.fit.columns import decode
from loadmon.reading.fit.profile import message_name, message_number
from loadmon.reading.fit.scan import scan
from loadmon.reading.unpack import gunzip, is_gzip


def read_fit(
    source: str | PathLike[str] | bytes, *, messages: Collection[str] | None = None
) -> dict[str, pd.DataFrame]:
    """Read the messages of a FIT file.

    Parameters
    ----------
    source : path or bytes
        A FIT file or its contents; a gzipped one is unpacked.
    messages : collection of str, optional
        Names of the messages wanted, such as ``("record", "session")``; all if not given.

    Returns
    -------
    dict of str to DataFrame
        By message name of the FIT profile (``record``, ``session``; ``unknown_N`` where the profile
        of fitdecode does not know it). One row a message, in file order over all chained parts; one
        column a field, by its profile name (``unknown_N``), with scale and offset applied, in the
        units of the profile. Developer fields stand under their own names (``NAME_devI`` where
        a profile field of the same name is in the message). Numbers are float, missing is NaN;
        named values are text; times are UTC, local times naive; arrays are tuples. A time that is
        counted from power-up instead of from 1989 is NaT.

    Raises
    ------
    FileProblem
        If the file is no FIT file, is cut, or its CRC is wrong; it says where.
    ReadError
        If the file cannot be opened.
    SettingError
        If a name in `messages` is none of the FIT profile.
    """
    numbers = None if messages is None else {message_number(name) for name in messages}
    if isinstance(source, bytes):
        return _messages(source, numbers)
    try:
        return _messages(Path(source).read_bytes(), numbers)
    except OSError as error:
        raise ReadError(f"{source}: cannot be opened ({error.strerror}); check the path") from None
    except FileProblem as problem:
        detail = f"{source}: {problem.detail}"
        raise FileProblem(problem.outcome, problem.reason, detail, when=problem.when) from None


def _messages(data: bytes, numbers: set[int] | None) -> dict[str, pd.DataFrame]:
    """Frames by message name, over all chained parts."""
    wanted = None if numbers is None else dict.fromkeys(numbers)
    pieces: dict[str, list[pd.DataFrame]] = {}
    for part in scan(gunzip(data) if is_gzip(data) else data):
        if part.problem:
            raise part.problem
        tables = decode(part, wanted)
        for number, frame in zip(tables, frames_of([*tables.values()]), strict=True):
            pieces.setdefault(message_name(number), []).append(frame)
    return {
        name: same[0] if len(same) == 1 else pd.concat(same, ignore_index=True)
        for name, same in pieces.items()
    }
