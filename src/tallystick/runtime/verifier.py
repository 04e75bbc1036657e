"""
Checking signatures in a process of its own.

A signature check costs as much as executing what was signed, and threads of one process cannot
share that work. The worker is a plain child process that speaks over two pipes: importing
Tallystick into a script without a main guard must not start the script again. Frames are a length
(u32, big endian) and MessagePack: a list of transactions goes in, one answer for each comes out, in
the same order.

Run as a module it is the worker.
"""

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO

import msgspec

from tallystick.base.identifiers import LedgerId
from tallystick.core import errors
from tallystick.core.check import Verified, verify
from tallystick.core.errors import Refused

FRAME_BYTES_MAX = 2**31 - 1
Answer = Verified | Refused
Verify = Callable[[Sequence[bytes]], list[Answer]]

_encode = msgspec.msgpack.Encoder().encode
_decode_batch = msgspec.msgpack.Decoder(list[bytes]).decode
_decode_answers = msgspec.msgpack.Decoder(list[tuple[bytes, bytes] | str]).decode
_refusals = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, Refused)
}


def verify_here(ledger: LedgerId, batch: Sequence[bytes]) -> list[Answer]:
    """Verify a batch in this process."""
    return [_verify_one(raw, ledger) for raw in batch]


def _verify_one(raw: bytes, ledger: LedgerId) -> Answer:
    """Return what a transaction's bytes yield, or why they are refused."""
    try:
        return verify(raw, ledger)
    except Refused as refused:
        return refused


class VerifierProcess:
    """A child process that verifies batches, in the order in which they were sent."""

    def __init__(self, ledger: LedgerId) -> None:
        self._ledger = ledger
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module.
            [sys.executable, "-P", "-m", "tallystick.runtime.verifier", ledger.hex()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        # A pipe takes 64 KiB before it blocks its writer. So that neither side ever waits for the
        # other's attention, writing and reading have a thread each, which mostly sleeps.
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._inbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=work, name="tallystick-verifier", daemon=True)
            for work in (self._feed, self._drain)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Return the child's process id."""
        return self._process.pid

    def send(self, batch: Sequence[bytes]) -> None:
        """Hand over a batch; `receive` returns its answers."""
        self._outbox.put(_encode(batch))

    def receive(self) -> list[Answer]:
        """
        Return the answers to the oldest batch that has none yet.

        Raises EOFError if the child is gone; the caller still has the batch.
        """
        frame = self._inbox.get()
        if frame is None:
            self._inbox.put(None)
            raise EOFError("the verifier is gone")
        return [_answer(item) for item in _decode_answers(frame)]

    def is_ready(self) -> bool:
        """Tell whether `receive` would answer at once."""
        return not self._inbox.empty()

    def close(self) -> None:
        """Let the child finish and end."""
        self._outbox.put(None)
        for thread in self._threads:
            thread.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()

    def _feed(self) -> None:
        """Write frames until told to stop or the child is gone, then end its input."""
        pipe = self._process.stdin
        if pipe is None:
            return
        with contextlib.suppress(BrokenPipeError):
            while (frame := self._outbox.get()) is not None:
                _write_frame(pipe, frame)
        with contextlib.suppress(BrokenPipeError):
            pipe.close()

    def _drain(self) -> None:
        """Read frames until the child is gone."""
        pipe = self._process.stdout
        if pipe is not None:
            with contextlib.suppress(EOFError, OSError):
                while True:
                    self._inbox.put(_read_frame(pipe))
        self._inbox.put(None)


def _answer(item: tuple[bytes, bytes] | str) -> Answer:
    """Turn a wire answer back into what `verify_here` gives."""
    if isinstance(item, str):
        code, _, message = item.partition(" ")
        return _refusals[code](message)
    return Verified(*item)  # type: ignore[arg-type]  # Both are bytes of the right length.


def _read_frame(pipe: IO[bytes]) -> bytes:
    """Read one frame or raise EOFError."""
    head = pipe.read(4)
    if len(head) < 4:  # noqa: PLR2004 - the length field.
        raise EOFError("the pipe ended")
    length = int.from_bytes(head, "big")
    frame = pipe.read(length)
    if len(frame) < length:
        raise EOFError("the pipe ended within a frame")
    return frame


def _write_frame(pipe: IO[bytes], frame: bytes) -> None:
    """Write one frame whole."""
    pipe.write(len(frame).to_bytes(4, "big"))
    pipe.write(frame)
    pipe.flush()


def main() -> None:
    """Answer batches until the pipe ends."""
    ledger = LedgerId(bytes.fromhex(sys.argv[1]))
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            batch = _decode_batch(_read_frame(sys.stdin.buffer))
            answers = [
                f"{answer.code} {answer}" if isinstance(answer, Refused) else tuple(answer)
                for answer in verify_here(ledger, batch)
            ]
            _write_frame(sys.stdout.buffer, _encode(answers))


if __name__ == "__main__":
    main()
