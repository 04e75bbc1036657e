"""
A disk that fails once, at a chosen step: what every crash test of the store is made of.

Count the steps of what you test with a disk that never fails, then run it again for each step and
each fault, and see what is left.
"""

import errno
import os
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import NoReturn

from tallystick.store.files import Files, sync_file, sync_folder


class Crash(BaseException):
    """The process is gone: nothing may catch this but the test that planned it."""


class Fault(Enum):
    """What happens at the chosen step."""

    NONE = "none"
    """Nothing: steps are only counted."""

    ERROR = "error"
    """The call fails with an input/output error and does nothing."""

    FULL = "full"
    """The disk is full: half of a write is done, then it fails."""

    SHORT = "short"
    """Half of a write is done, and said so; other calls work."""

    CRASH_BEFORE = "crash before"
    """The process ends instead of the call."""

    CRASH_HALFWAY = "crash halfway"
    """The process ends when half of a write is done."""

    CRASH_ZEROS = "crash with zeros"
    """The process ends when a file has its new length but zeros in place of what was written."""

    CRASH_AFTER = "crash after"
    """The process ends when the call has done its work."""


CRASHES = (
    Fault.CRASH_BEFORE,
    Fault.CRASH_HALFWAY,
    Fault.CRASH_ZEROS,
    Fault.CRASH_AFTER,
)
"""The faults after which there is no process."""


def crash() -> NoReturn:
    """End what runs, within this process."""
    raise Crash


def die() -> NoReturn:
    """End this process at once, as `kill -9` does."""
    os._exit(9)


class FaultyDisk:
    """Counts the calls that change a disk, and lets one of them go wrong."""

    def __init__(
        self,
        fault: Fault = Fault.NONE,
        *,
        step: int = 0,
        lasting: bool = False,
        crash: Callable[[], NoReturn] = crash,
    ) -> None:
        """Fail at a step, counted from 0, or with `lasting` from that step on."""
        self.steps = 0
        self._fault = fault
        self._step = step
        self._lasting = lasting
        self._crash = crash

    @property
    def files(self) -> Files:
        """Return the calls to hand to the store."""
        return Files(
            write=self._write,
            sync=self._sync,
            truncate=self._truncate,
            replace=self._replace,
            sync_folder=self._sync_folder,
        )

    def mend(self) -> None:
        """Work from now on."""
        self._fault = Fault.NONE

    def _write(self, descriptor: int, data: bytes, offset: int) -> int:
        """Write, or do what was planned."""
        half = data[: len(data) // 2]
        match self._next_fault():
            case Fault.SHORT:
                return os.pwrite(descriptor, half or data, offset)
            case Fault.FULL:
                os.pwrite(descriptor, half, offset)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            case Fault.CRASH_HALFWAY:
                os.pwrite(descriptor, half, offset)
                self._crash()
            case Fault.CRASH_ZEROS:
                os.pwrite(descriptor, bytes(len(data)), offset)
                self._crash()
            case Fault.CRASH_AFTER:
                os.pwrite(descriptor, data, offset)
                self._crash()
        return os.pwrite(descriptor, data, offset)

    def _sync(self, descriptor: int) -> None:
        """Sync, or do what was planned."""
        self._call(lambda: sync_file(descriptor))

    def _truncate(self, descriptor: int, length: int) -> None:
        """Truncate, or do what was planned."""
        self._call(lambda: os.ftruncate(descriptor, length))

    def _replace(self, source: Path, target: Path) -> None:
        """Rename, or do what was planned."""
        self._call(lambda: _rename(source, target))

    def _sync_folder(self, path: Path) -> None:
        """Sync a folder, or do what was planned."""
        self._call(lambda: sync_folder(path))

    def _call(self, work: Callable[[], None]) -> None:
        """Do what has no halfway, or what was planned in its place."""
        fault = self._next_fault()
        if fault is Fault.FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if fault in {Fault.CRASH_HALFWAY, Fault.CRASH_ZEROS}:
            self._crash()
        work()
        if fault is Fault.CRASH_AFTER:
            self._crash()

    def _next_fault(self) -> Fault:
        """Count a step, and return what goes wrong with it; errors and early ends happen here."""
        step, self.steps = self.steps, self.steps + 1
        due = step >= self._step if self._lasting else step == self._step
        if not due:
            return Fault.NONE
        if self._fault is Fault.ERROR:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if self._fault is Fault.CRASH_BEFORE:
            self._crash()
        return self._fault


def _rename(source: Path, target: Path) -> None:
    """Rename a file or folder."""
    source.replace(target)
