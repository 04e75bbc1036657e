"""Blocks that no ledger made, for what looks only at their height, time and bytes."""

import random
from pathlib import Path

from tallystick.base.identifiers import Hash, LedgerId
from tallystick.core.block import Block, BlockHeader
from tallystick.store.files import DISK, Files
from tallystick.store.journal import Journal, open_journal

LEDGER = LedgerId(b"L" * 32)
TIME = 1_460_000_000_000
GAP = 1_000
"""Between two blocks. [ms]"""


def made_block(height: int, *, size: int = 40) -> Block:
    """Return a block with one transaction of random bytes, the same for the same arguments."""
    generator = random.Random(height * 1_000_003 + size)
    header = BlockHeader(
        height=height,
        time=TIME + height * GAP,
        parent=Hash(generator.randbytes(32)),
        transactions_root=Hash(generator.randbytes(32)),
        state_root=Hash(generator.randbytes(32)),
        receipts_root=Hash(generator.randbytes(32)),
        log_size=height + 1,
    )
    return Block(header=header, transactions=(generator.randbytes(size),), rejections=(), events=())


def opened(
    folder: Path,
    *,
    begin: int = 0,
    reached: int = -1,
    files: Files = DISK,
    segment_bytes_max: int = 2**20,
) -> Journal:
    """Open a journal of the blocks above."""
    return open_journal(
        folder,
        ledger=LEDGER,
        begin=begin,
        reached=reached,
        files=files,
        segment_bytes_max=segment_bytes_max,
    )


def filled(folder: Path, count: int, *, size: int = 40, segment_bytes_max: int = 2**20) -> None:
    """Leave a journal of some blocks behind."""
    journal = opened(folder, segment_bytes_max=segment_bytes_max)
    for height in range(journal.height + 1, journal.height + 1 + count):
        journal.append(made_block(height, size=size))
    journal.close()


def forget_acknowledgement(folder: Path) -> None:
    """Lose what was not synced."""
    (folder / "acknowledged").unlink()
