"""
The few calls through which the store changes a disk.

They are gathered in one struct so that a test can put a failing disk in its place. Reading needs no
such care: whatever is read is verified.
"""

import errno
import fcntl
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

FULL: Final = (errno.ENOSPC, errno.EDQUOT)
"""The error numbers by which a system says that there is no room left."""


def sync_file(descriptor: int) -> None:
    """Bring a file's content to the disk, not only to the drive's cache."""
    if sys.platform == "darwin":
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fdatasync(descriptor)


def sync_folder(path: Path) -> None:
    """Bring a folder's names to the disk: a new or renamed file is durable only after this."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Files(msgspec.Struct, frozen=True):
    """How bytes reach a disk."""

    write: Callable[[int, bytes, int], int] = os.pwrite
    """Write bytes to a descriptor at an offset; return how many were written."""

    sync: Callable[[int], None] = sync_file
    """Make a descriptor's content durable."""

    truncate: Callable[[int, int], None] = os.ftruncate
    """Set a descriptor's length. [bytes]"""

    replace: Callable[[Path, Path], None] = os.replace
    """Rename a file, atomically taking the place of another."""

    sync_folder: Callable[[Path], None] = sync_folder
    """Make the names in a folder durable."""


DISK: Final = Files()
"""The real disk."""


def write_whole(files: Files, descriptor: int, data: bytes, offset: int) -> None:
    """Write all of the bytes, however many pieces the system makes of them."""
    written = files.write(descriptor, data, offset)
    while written < len(data):
        written += files.write(descriptor, data[written:], offset + written)


def write_atomically(files: Files, path: Path, data: bytes) -> None:
    """Put a file in place so that after a crash it is there whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        write_whole(files, descriptor, data, 0)
        files.sync(descriptor)
    finally:
        os.close(descriptor)
    files.replace(fresh, path)
    files.sync_folder(path.parent)


def full_disk(error: OSError) -> bool:
    """Say whether an error means that there is no room left."""
    return error.errno in FULL
