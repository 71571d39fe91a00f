"""Bodies on the line, packed and unpacked within bounds, and the hash chain over what a laptop pushed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from hashlib import blake2b

import zstandard

LEVEL = 3
SMALL = 200
"""Bytes up to which packing gains nothing."""
ENCODINGS = ("zstd", "gzip", "")


class TooLarge(ValueError):
    """A body that would unpack to more than is allowed."""


def pack(body: bytes, accepted: str = "zstd") -> tuple[bytes, str]:
    """``body`` packed as ``accepted`` (an Accept-Encoding) allows, and the name of the packing (empty for none)."""
    if len(body) <= SMALL:
        return body, ""
    if "zstd" in accepted:
        return zstandard.compress(body, LEVEL), "zstd"
    if "gzip" in accepted:
        packer = zlib.compressobj(6, wbits=31)
        return packer.compress(body) + packer.flush(), "gzip"
    return body, ""


def unpack(body: bytes, encoding: str, most: int) -> bytes:
    """``body`` unpacked; at no time more than ``most`` bytes. ``ValueError`` for what cannot be unpacked."""
    if encoding == "zstd":
        return _unzstd(body, most)
    if encoding == "gzip":
        return _gunzip(body, most)
    if encoding not in ("", "identity"):
        raise ValueError(f"the content encoding must be one of {', '.join(filter(None, ENCODINGS))}")
    if len(body) > most:
        raise TooLarge(f"more than {most} bytes")
    return body


def _unzstd(body: bytes, most: int) -> bytes:
    try:
        size = zstandard.get_frame_parameters(body).content_size  # what it claims is what would be allocated
        if size != zstandard.CONTENTSIZE_UNKNOWN and size > most:
            raise TooLarge(f"more than {most} bytes")
        return zstandard.ZstdDecompressor().decompress(body, max_output_size=most, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise ValueError(f"no zstd within bounds: {error}") from None


def _gunzip(body: bytes, most: int) -> bytes:
    try:
        unpacker = zlib.decompressobj(wbits=31)
        result = unpacker.decompress(body, most + 1)
    except zlib.error as error:
        raise ValueError(f"no gzip: {error}") from None
    if len(result) > most:
        raise TooLarge(f"more than {most} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("no gzip: cut off, or with something behind it")
    return result


def chained(chain: str, parts: Iterable[bytes]) -> str:
    """The hash of an action (the bytes of its parts) and of all that was pushed before (``chain``; empty at first)."""
    hashed = blake2b(chain.encode(), digest_size=16)
    for part in parts:
        hashed.update(part)
    return hashed.hexdigest()


def digest(text: str) -> str:
    """The digest of a record's canonical text, 16 hexadecimal digits."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def standing(acl: int, cursors: Iterable[tuple[int, int, str]]) -> str:
    """One word for the state of somebody's rights and where each stream (number, position, mark) stands."""
    places = ".".join(f"{number}:{seq}:{mark}" for number, seq, mark in sorted(cursors))
    return digest(f"{acl}/{places}")
