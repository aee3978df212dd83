"""The one file of a backup: a plain `tar` of parts with a manifest at its end, and behind it the fingerprint of every byte before.

`tar tf FILE` lists it. A part's name in the manifest comes with its size and SHA-256; a file that was cut or changed anywhere is refused
before anything is read out of it. The manifest is signed with a key made from the master key, which itself is in no backup: so another
master key is told apart from a damaged file, and nobody without the key can make a backup that we would put back.
"""

import gzip
import hashlib
import hmac
import io
import json
import os
import re
import secrets
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lending.domain.refusals import Conflict, NotFound, Refusal

FORMAT = 1

_MANIFEST = "manifest.json"
_SEAL = b"maju-bersama backup sha256 "
_SEAL_BYTES = len(_SEAL) + 64 + 1
_AT_A_TIME = 1 << 20
_NAME = re.compile(r"(?:books|photos)(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+")


@dataclass(frozen=True)
class Part:
    """One part as the manifest has it; `told` is what the store that wrote it wants to know again."""

    name: str
    size: int
    sha256: str
    told: Mapping[str, Any]


class Writer:
    """Writes parts one after the other; their sizes need not be known before."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.parts: list[Part] = []

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool = False, told: Mapping[str, Any] | None = None) -> None:
        """One part more; `packed` squeezes it on the way (`.gz` belongs to its name then)."""
        head = self._file.tell()
        self._file.write(bytes(tarfile.BLOCKSIZE))
        hashed = _Hashed(self._file)
        if packed:
            with gzip.GzipFile("", "wb", 1, hashed, mtime=0) as squeezed:
                for chunk in chunks:
                    squeezed.write(chunk)
        else:
            for chunk in chunks:
                hashed.write(chunk)
        self._finish(head, name, hashed.size)
        self.parts.append(Part(name, hashed.size, hashed.sha256.hexdigest(), told or {}))

    def close(self, manifest: Mapping[str, Any], master_key: str) -> None:
        """The signed manifest, the end of the archive, and the seal."""
        parts = [{"name": part.name, "size": part.size, "sha256": part.sha256, **part.told} for part in self.parts]
        text = json.dumps(_signed({**manifest, "format": FORMAT, "parts": parts}, master_key), indent=1).encode()
        head = self._file.tell()
        self._file.write(bytes(tarfile.BLOCKSIZE) + text)
        self._finish(head, _MANIFEST, len(text))
        self._file.write(bytes(2 * tarfile.BLOCKSIZE))
        self._file.seek(0)
        self._file.write(_SEAL + _sha256(self._file, None).encode() + b"\n")

    def _finish(self, head: int, name: str, size: int) -> None:
        """Fill the part up to a whole block, and write the header now that the size is known."""
        self._file.write(bytes(-size % tarfile.BLOCKSIZE))
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._file.seek(head)
        self._file.write(member.tobuf(tarfile.GNU_FORMAT))
        self._file.seek(0, io.SEEK_END)


class Backup:
    """A backup whose every byte has been looked at; `manifest` is what it says of itself."""

    def __init__(self, file: IO[bytes], manifest: Mapping[str, Any], places: Mapping[str, tuple[int, int]]) -> None:
        self._file = file
        self._places = places
        self.manifest = manifest
        self.parts = [_part(told) for told in manifest["parts"]]

    def read(self, name: str, *, packed: bool = False) -> Iterator[bytes]:
        """What is in this part, a piece at a time."""
        if not packed:
            yield from self._raw(name)
            return
        unpacker = zlib.decompressobj(wbits=31)
        for chunk in self._raw(name):
            yield unpacker.decompress(chunk)
        yield unpacker.flush()

    def _raw(self, name: str) -> Iterator[bytes]:
        place, left = self._places[name]
        while left:
            self._file.seek(place)
            chunk = self._file.read(min(left, _AT_A_TIME))
            place, left = place + len(chunk), left - len(chunk)
            yield chunk


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A new backup at this path, there whole or not at all; an older backup of that name stays until the new one is whole.

    Refused: `file_in_the_way` where something else has that name, `file_trouble` where it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    with _file_trouble():
        if path.is_dir() or (path.exists() and path.stat().st_size and not _has_seal(path)):
            raise Conflict("file_in_the_way", file=path.name)
        try:
            with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "r+b") as file:
                yield Writer(file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def opened(path: Path, master_key: str) -> Iterator[Backup]:
    """This backup, once every byte, every part and the signature have been proved.

    Refused: `no_file`, `backup_damaged` (cut, changed, or no backup at all), `backup_too_new`, `other_master_key`.
    """
    with _file_trouble():
        if not path.is_file():
            raise NotFound("no_file", file=path.name)
        with path.open("rb") as file:
            manifest, places = _proved(file)
            if manifest["format"] > FORMAT:
                raise Conflict("backup_too_new")
            _prove_key(manifest, master_key)
            yield Backup(file, manifest, places)


@contextmanager
def _file_trouble() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise Refusal("file_trouble", reason=fault.strerror or str(fault)) from fault


class _Hashed(io.RawIOBase):
    """Passes on what is written, counting and hashing it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = 0
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, chunk: Any) -> int:
        self.size += len(chunk)
        self.sha256.update(chunk)
        return self._file.write(chunk)


# ---- proving ---------------------------------------------------------------------------------------------------------------------------


def _has_seal(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _SEAL_BYTES))
        return file.read(len(_SEAL)) == _SEAL


def _proved(file: IO[bytes]) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, int]]]:
    """The manifest, and where each part lies: after the seal over the whole file, each part's own hash, and the manifest's shape."""
    length = file.seek(0, io.SEEK_END) - _SEAL_BYTES
    if length <= 0:
        raise Refusal("backup_damaged")
    file.seek(0)
    found = _sha256(file, length)
    if not hmac.compare_digest(file.read(), _SEAL + found.encode() + b"\n"):
        raise Refusal("backup_damaged")
    try:
        file.seek(0)
        with tarfile.open(fileobj=file, mode="r:") as archive:
            places = {member.name: (member.offset_data, member.size) for member in archive}
        place, size = places.pop(_MANIFEST)
        file.seek(place)
        manifest = json.loads(file.read(size))
        parts = [_part(told) for told in manifest["parts"]]
        whole = (
            manifest["format"] >= 1
            and {part.name: part.size for part in parts} == {name: size for name, (_, size) in places.items()}
            and all(_NAME.fullmatch(part.name) for part in parts)
        )
    except (tarfile.TarError, KeyError, TypeError, ValueError) as fault:
        raise Refusal("backup_damaged") from fault
    for part in parts if whole else ():
        file.seek(places[part.name][0])
        whole = whole and _sha256(file, part.size) == part.sha256
    if not whole:
        raise Refusal("backup_damaged")
    return manifest, places


def _part(told: Mapping[str, Any]) -> Part:
    own = ("name", "size", "sha256")
    return Part(told["name"], told["size"], told["sha256"], {name: value for name, value in told.items() if name not in own})


def _sha256(file: IO[bytes], length: int | None) -> str:
    """The hash of the next so many bytes, or of all that follow."""
    found, left = hashlib.sha256(), length
    while chunk := file.read(_AT_A_TIME if left is None else min(_AT_A_TIME, left)):
        found.update(chunk)
        left = None if left is None else left - len(chunk)
    return found.hexdigest()


def _signed(manifest: Mapping[str, Any], master_key: str) -> dict[str, Any]:
    salt = secrets.token_hex(16)
    key = {"salt": salt, "check": _keyed(master_key, salt, b"the same key")}
    return {**manifest, "key": key, "signature": _keyed(master_key, salt, _canonical({**manifest, "key": key}))}


def _prove_key(manifest: Mapping[str, Any], master_key: str) -> None:
    """That this manifest was signed with this master key, and not changed since."""
    try:
        salt, check, signature = str(manifest["key"]["salt"]), str(manifest["key"]["check"]), str(manifest["signature"])
    except (KeyError, TypeError) as fault:
        raise Refusal("backup_damaged") from fault
    if not hmac.compare_digest(check, _keyed(master_key, salt, b"the same key")):
        raise Conflict("other_master_key")
    unsigned = {name: value for name, value in manifest.items() if name != "signature"}
    if not hmac.compare_digest(signature, _keyed(master_key, salt, _canonical(unsigned))):
        raise Refusal("backup_damaged")


def _keyed(master_key: str, salt: str, text: bytes) -> str:
    own_key = hmac.new(master_key.encode(), b"maju-bersama backup " + salt.encode(), hashlib.sha256).digest()
    return hmac.new(own_key, text, hashlib.sha256).hexdigest()


def _canonical(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
