"""How fast a wallet sees what it holds, among a million certificates of everybody's."""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.result import Result
from bench.workload import BEGIN, QUARTER, SECTOR
from bench.yardstick import Yardstick
from tallystick.base.encoding import encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, LedgerId, PublicKey, RecordId
from tallystick.contracts import CONTRACTS
from tallystick.contracts.certificate.events import CertificateIssued
from tallystick.core.block import Block, BlockHeader, block_hash
from tallystick.index.index import Index

CERTIFICATES = 1_000_000
A_BLOCK = 10_000
WALLET_KEYS = 7_000
QUERIES = 300
MUST_MILLISECONDS = 20.0
AIM_MILLISECONDS = 5.0
LEDGER = LedgerId(tagged_hash(b"bench", b"wallet ledger"))


def query(_raw: Yardstick) -> Iterator[Result]:
    """Measure the first page of a wallet's holdings, at 10⁶ certificates."""
    with tempfile.TemporaryDirectory(prefix="tallystick-bench-") as folder:
        keys = Path(folder) / "keys.sqlite"
        index = Index(Path(folder) / "index.sqlite", CONTRACTS, LEDGER, wallet_keys=keys)
        began = time.perf_counter()
        index.catch_up(_blocks())
        per_event = 1e6 * (time.perf_counter() - began) / CERTIFICATES
        wallets = [f"wallet {n}" for n in range(10)]
        for turn, wallet in enumerate(wallets):
            index.register_keys(wallet, [_key(turn * WALLET_KEYS + n) for n in range(WALLET_KEYS)])
        durations = []
        for _ in range(QUERIES):
            wallet = random.choice(wallets)
            asked = time.perf_counter()
            with index.read() as queries:
                page = queries.rows_for_keys("certificate_holdings", "owner", wallet)
            durations.append(1_000 * (time.perf_counter() - asked))
            if len(page.rows) != 100:
                raise AssertionError("a wallet of thousands has a full page")
        index.close()
    p95 = statistics.quantiles(durations, n=100)[94]
    yield Result("index, per issued certificate", per_event, "µs")
    yield Result(
        f"wallet query p95 at {CERTIFICATES:,} certificates",
        p95,
        "ms",
        must=f"≤ {MUST_MILLISECONDS:.0f} ms",
        aim=f"≤ {AIM_MILLISECONDS:.0f} ms",
        met=p95 <= MUST_MILLISECONDS,
    )


def _blocks() -> Iterator[Block]:
    """Yield blocks that issue a certificate to each key, as the ledger would."""
    parent = Hash(LEDGER)
    for height in range(CERTIFICATES // A_BLOCK):
        header = BlockHeader(
            height,
            1_000 * BEGIN + height,
            parent,
            Hash(bytes(32)),
            Hash(bytes(32)),
            Hash(bytes(32)),
            height + 1,
        )
        numbers = range(height * A_BLOCK, (height + 1) * A_BLOCK)
        yield Block(header, (), (), tuple((0, encode(_issued(n))) for n in numbers))
        parent = block_hash(header)


def _issued(n: int) -> CertificateIssued:
    """Return the event of the n-th certificate."""
    begin = BEGIN + QUARTER * (n % 960)
    id = RecordId(tagged_hash(b"bench certificate", n.to_bytes(8, "big")))
    return CertificateIssued(
        id, begin, begin + QUARTER, SECTOR, "T010000", "F01040100", _key(n), 1_000 + n % 997, None
    )


def _key(n: int) -> PublicKey:
    """Return something that looks like the n-th public key."""
    return PublicKey(b"\x02" + tagged_hash(b"bench key", n.to_bytes(8, "big")))
