"""Small films and sounds, made byte by byte: true to their containers, and silent."""

import struct


def wav(seconds: float = 1.0, *, rate: int = 8000, form: int = 1, more: bytes = b"") -> bytes:
    """Silence of 8 bits a sample."""
    samples = b"\x80" * int(seconds * rate)
    about = struct.pack("<HHIIHH", form, 1, rate, rate, 1, 8)
    chunks = b"WAVE" + _chunk(b"fmt ", about) + more + _chunk(b"data", samples)
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def box(kind: bytes, *content: bytes) -> bytes:
    """A box of MP4."""
    whole = b"".join(content)
    return struct.pack(">I4s", len(whole) + 8, kind) + whole


def mp4(
    *handlers: bytes,
    brand: bytes = b"isom",
    seconds: int = 90,
    version: int = 0,
    after: bytes = b"",
    large: bool = False,
) -> bytes:
    """A film with a track for each of these handlers, its table behind what it holds; as many cameras write it."""
    if version:
        head = struct.pack(">B3xQQIQ", 1, 0, 0, 1000, seconds * 1000)
    else:
        head = struct.pack(">B3xIIII", 0, 0, 0, 1000, seconds * 1000)
    tracks = [box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + kind + bytes(12)))) for kind in handlers]
    held = bytes(64)
    data = struct.pack(">I4sQ", 1, b"mdat", len(held) + 16) + held if large else box(b"mdat", held)
    return box(b"ftyp", brand + bytes(4)) + data + box(b"moov", box(b"mvhd", head), *tracks) + after


def element(number: str, *content: bytes, unknown: bool = False) -> bytes:
    """An element of Matroska, its length in eight bytes."""
    whole = b"".join(content)
    length = b"\x01" + (b"\xff" * 7 if unknown else len(whole).to_bytes(7, "big"))
    return bytes.fromhex(number) + length + whole


def webm(*kinds: int, doc_type: bytes = b"webm", seconds: float | None = 90, live: bool = False) -> bytes:
    """A film with a track of each of these kinds (1 picture, 2 sound)."""
    length = element("4489", struct.pack(">d", seconds * 1000)) if seconds is not None else b""
    about = element("1549a966", element("2ad7b1", (1_000_000).to_bytes(3, "big")), length)
    tracks = element("1654ae6b", *(element("ae", element("83", bytes([kind]))) for kind in kinds))
    cluster = element("1f43b675", bytes(32))
    return element("1a45dfa3", element("4282", doc_type)) + element("18538067", about, tracks, cluster, unknown=live)


def mp3(frames: int = 100, *, tag: int = 0, told: int | None = None) -> bytes:
    """Frames of layer III at 128 kbit/s and 44.1 kHz, 417 bytes and 26 ms each, behind a tag; `told` in a first one."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    size = bytes(tag >> place & 0x7F for place in (21, 14, 7, 0))
    head = b"ID3\x04\x00\x00" + size + bytes(tag) if tag else b""
    about = b"\xff\xfb\x90\x00" + bytes(32) + b"Xing" + struct.pack(">II", 1, told) if told else b""
    return head + (about.ljust(417, b"\0") if about else b"") + frame * frames
