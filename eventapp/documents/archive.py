"""The archive as a file: a zip with a manifest and a file of lines per table, written and read as a stream."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from eventapp.domain.archive import MANIFEST, Contents, Manifest, Shape, file_of, manifest_bytes, read_manifest
from eventapp.domain.errors import DamagedArchive, NoArchive

_CHUNK = 1024 * 1024
_MOST_MANIFEST_BYTES = 4 * 1024 * 1024
# A row holds one file at most. Whoever claims a longer one wants our memory.
_MOST_LINE_BYTES = 256 * 1024 * 1024
_OWNER_ONLY = 0o600 << 16
# What the standard library raises for an entry that is not sound, locked, or packed in a way nobody here knows.
_UNSOUND = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class ArchiveWriter:
    """Writes table after table to `file`, holding no more than a line, and the manifest at last."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)

    def add(self, shape: Shape, lines: Iterable[bytes]) -> Contents:
        """Write the lines of one table; answers what they came to."""
        digest, rows, size = hashlib.sha256(), 0, 0
        with self._zip.open(_entry(file_of(shape.name)), "w", force_zip64=True) as entry:
            for line in lines:
                entry.write(line)
                digest.update(line)
                rows, size = rows + 1, size + len(line)
        return Contents(shape, rows, size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Without this it is no archive."""
        self._zip.writestr(_entry(MANIFEST), manifest_bytes(manifest))
        self._zip.close()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type, entry.external_attr = ZIP_DEFLATED, _OWNER_ONLY
    return entry


class ArchiveReader:
    """Reads an archive without unpacking it: no name in it ever becomes the name of a file here.

    Opening refuses with NoArchive, or DamagedArchive where the manifest and the files do not name the same tables.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = ZipFile(path)
        except BadZipFile as error:
            raise NoArchive() from error
        try:
            self.manifest = self._manifest()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "ArchiveReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Read all of it once. Refuses with DamagedArchive where a file is not what the manifest says."""
        for table in self.manifest.tables:
            for _ in self.lines(table):
                pass

    def lines(self, table: Contents) -> Iterator[bytes]:
        """The lines of one table, without their ends, at most as many bytes of them as the manifest says."""
        digest, rows, size, held = hashlib.sha256(), 0, 0, b""
        for chunk in self._chunks(table.file):
            digest.update(chunk)
            size += len(chunk)
            *whole, held = (held + chunk).split(b"\n")
            if size > table.bytes or len(held) > _MOST_LINE_BYTES:
                raise DamagedArchive(where=table.file)
            rows += len(whole)
            yield from whole
        if held or (rows, size, digest.hexdigest()) != (table.rows, table.bytes, table.sha256):
            raise DamagedArchive(where=table.file)

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as entry:
                while chunk := entry.read(_CHUNK):
                    yield chunk
        except _UNSOUND as error:
            raise DamagedArchive(where=name) from error

    def _manifest(self) -> Manifest:
        names = self._zip.namelist()
        if MANIFEST not in names:
            raise NoArchive()
        try:
            with self._zip.open(MANIFEST) as entry:
                manifest = read_manifest(entry.read(_MOST_MANIFEST_BYTES))
        except (ValueError, *_UNSOUND) as error:
            raise DamagedArchive(where=MANIFEST) from error
        if sorted(names) != sorted([MANIFEST, *(table.file for table in manifest.tables)]):
            raise DamagedArchive(where=MANIFEST)
        return manifest
