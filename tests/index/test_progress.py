"""An index knows which block comes next."""

import pytest

from tallystick.base.identifiers import Hash
from tallystick.core.block import block_hash
from tallystick.index.errors import OtherBlocks
from tallystick.index.progress import Progress
from tests.index.toy import LEDGER, chain

BLOCKS = chain([], [], [])
BEGINNING = Progress(-1, Hash(LEDGER))


def test_progress_follows_the_chain() -> None:
    """Genesis follows the ledger's id, and each block its parent."""
    progress = BEGINNING
    for height, block in enumerate(BLOCKS):
        progress = progress.follow(block)
        assert Progress(height, block_hash(block.header)) == progress


@pytest.mark.parametrize(
    ("progress", "height", "problem"),
    [
        (BEGINNING, 1, "at height -1 and is offered block 1: follow from 0"),
        (BEGINNING.follow(BLOCKS[0]), 0, "at height 0 and is offered block 0: follow from 1"),
        (Progress(0, Hash(bytes(32))), 1, "block 1 names another parent"),
    ],
)
def test_another_block_is_refused(progress: Progress, height: int, problem: str) -> None:
    """A gap, a repetition and another history are told apart."""
    with pytest.raises(OtherBlocks, match=problem):
        progress.follow(BLOCKS[height])
