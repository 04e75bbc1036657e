"""Blocks of numbers: taking some away, putting some together."""

from collections.abc import Iterable

from .holdings import Block

Numbers = tuple[Block, ...]
"""Blocks in ascending order that neither overlap nor touch."""


def take(blocks: Numbers, amount: int) -> tuple[Numbers, Numbers]:
    """Return the `amount` lowest numbers, and the rest; there are at least so many."""
    taken: list[Block] = []
    for n, block in enumerate(blocks):
        size = block.last - block.first + 1
        if amount < size:
            if not amount:
                return tuple(taken), blocks[n:]
            cut = block.first + amount
            return (
                (*taken, Block(block.first, cut - 1)),
                (Block(cut, block.last), *blocks[n + 1 :]),
            )
        taken.append(block)
        amount -= size
    if amount:
        raise AssertionError(f"{amount} allowances are lacking")
    return tuple(taken), ()


def unite(*groups: Iterable[Block]) -> Numbers:
    """Return the blocks of several groups, neighbours made one."""
    united: list[Block] = []
    every = sorted((block.first, block.last) for group in groups for block in group)
    for first, last in every:
        if united and first == united[-1].last + 1:
            united[-1] = Block(united[-1].first, last)
        else:
            united.append(Block(first, last))
    return tuple(united)
