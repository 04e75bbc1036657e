"""
A minting worker: it reads what has no token, signs a mint for each, and links what was minted.

Workers reserve nothing and know nothing of each other. Two of them often mint the same reading;
the ledger accepts one, and the other learns that it is done. A worker that dies leaves nothing
behind that anybody would have to clean up.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from tallystick.base.encoding import encode
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId, format_record_id
from tallystick.contracts.asset.commands import Mint
from tallystick.contracts.asset.errors import EvidenceUsed
from tallystick.contracts.asset.model import series_id
from tallystick.core.transaction import NONCE_BYTES, build_transaction

from .tokens_readings import Reading, Readings

BATCH_MAX = 50
EXPIRY_MILLISECONDS = 60_000


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is told."""

    number: int
    """Which worker it is."""
    readings: Path
    """The file of readings that all workers share."""
    ledger: LedgerId
    """The ledger that is signed for."""
    asset: RecordId
    """The class in which it mints."""
    project: str
    """What stands in every token."""
    owner: PublicKey
    """To whom tokens are minted."""
    secret: bytes = field(repr=False)
    """The issuer's secret."""


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What became of one transaction."""

    accepted: bool
    """Whether it took effect."""
    contract: str
    """Who rejected it; empty if nobody did."""
    code: int
    """Why."""
    message: str
    """The same in words."""


def work(desk: Connection, task: Task) -> None:
    """
    Mint until every reading has its token.

    The desk takes a list of signed transactions and returns an answer for each, which is durable.
    """
    readings = Readings(task.readings)
    number = task.number << 32
    while batch := readings.without_token(BATCH_MAX):
        transactions = []
        for number, each in enumerate(batch, start=number + 1):  # noqa: B020 - it goes on counting.
            transactions.append(_mint(task, each, number))
        desk.send_bytes(msgspec.msgpack.encode(transactions))
        answers = msgspec.msgpack.decode(desk.recv_bytes(), type=list[Answer])
        readings.link(_minted(task, batch, answers))
    desk.close()


def _mint(task: Task, reading: Reading, number: int) -> bytes:
    """Sign the mint of one reading."""
    command = Mint(
        asset=task.asset,
        owner=task.owner,
        amount=reading.amount_wh,
        evidence=reading.reading_id,
        project=task.project,
        nonce=number,
        claim=None,
    )
    return build_transaction(
        ledger=task.ledger,
        expiry=time.time_ns() // 1_000_000 + EXPIRY_MILLISECONDS,
        nonce=task.asset[: NONCE_BYTES - 8] + number.to_bytes(8, "big"),
        commands=[encode(command)],
        secrets=[task.secret],
    )


def _minted(
    task: Task, batch: Sequence[Reading], answers: Sequence[Answer]
) -> list[tuple[str, str]]:
    """Return reading and token of all that are minted now, whoever did it."""
    tokens = []
    for reading, answer in zip(batch, answers, strict=True):
        was_minted_before = (answer.contract, answer.code) == ("asset", EvidenceUsed.code)
        if not answer.accepted and not was_minted_before:
            raise RuntimeError(f"{reading.reading_id}: {answer.contract} says: {answer.message}")
        token = series_id(task.asset, reading.reading_id)
        tokens.append((reading.reading_id, format_record_id(token)))
    return tokens
