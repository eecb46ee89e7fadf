"""Damage to gzip files and zips: to their own bytes, and to what is packed in them."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile

from mutate import ANY
from mutate_fit import fit_stale

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def gz(rng: random.Random, data: bytes) -> bytes:
    """Damage to a gzip file: its bytes, its trailer, or how it is packed."""
    what = rng.randrange(5)
    if what == 0:  # CRC and length at the end
        return data[:-8] + struct.pack("<II", rng.getrandbits(32), rng.getrandbits(32))
    if what == 1:
        plain = gzip.decompress(data)
        return gzip.compress(gzip.compress(plain, mtime=0), mtime=0)
    if what == 2:
        return gzip.compress(fit_stale(rng, gzip.decompress(data)), mtime=0)
    return rng.choice(ANY)(rng, data)


def zipped(rng: random.Random, data: bytes) -> bytes:
    """Damage to a zip: its bytes, the fields of its directory, or its members."""
    what = rng.randrange(5)
    if what == 0:
        return _directory_field(rng, data)
    if what == 1:
        return _with_member(rng, data)
    if what == 2:
        return rng.randbytes(rng.choice((1, 64, 5000))) + data
    return rng.choice(ANY)(rng, data)


def _directory_field(rng: random.Random, data: bytes) -> bytes:
    """Change one field of a header: flags, method, CRC, sizes, lengths, offset."""
    mark = rng.choice((_LOCAL, _CENTRAL, _CENTRAL, _END))
    places = [i for i in range(len(data)) if data.startswith(mark, i)]
    if not places:
        return data
    at = rng.choice(places) + 4 + 2 * rng.randrange(20)
    out = bytearray(data)
    out[at : at + 2] = rng.choice((b"\0\0", b"\xff\xff", b"\x01\0", rng.randbytes(2)))
    return bytes(out)


def _with_member(rng: random.Random, data: bytes) -> bytes:
    """Add a member with a strange name, a damaged recording, or another damaged zip in it."""
    out = io.BytesIO()
    inner = rng.choice(ANY)(rng, data)
    name = rng.choice(("../../x.fit", "/etc/x.gpx", "C:\\x.tcx", "", "a" * 300, "x.zip", "ü.fit"))
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            new.writestr(member, old.read(member))
        new.writestr(zipfile.ZipInfo(name or "x"), inner)
    return out.getvalue()
