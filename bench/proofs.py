"""Proof files: how large they are, how long they take to make and to check."""

import statistics
import time
from collections.abc import Iterator

from bench import workload
from bench.result import Result
from bench.workload import Owner
from bench.yardstick import Yardstick
from tallystick.base.notes import parse_verifier_key
from tallystick.client.verify import verify_claim
from tallystick.contracts.certificate.commands import Transfer
from tallystick.contracts.certificate.model import TRANSFER, child_id
from tallystick.contracts.measurement.model import Kind

COUNT = 5_000
PROOFS = 50


def proof_size_and_time(_raw: Yardstick) -> Iterator[Result]:
    """Measure proof files of claims over one transfer, among some thousand certificates."""
    with workload.bench_ledger() as ledger:
        plants = [Owner(b"plant", n) for n in range(COUNT)]
        homes = [Owner(b"home", n) for n in range(COUNT)]
        workload.put(ledger, workload.publications(ledger, plants, Kind.PRODUCTION, 1_000))
        workload.put(ledger, workload.publications(ledger, homes, Kind.CONSUMPTION, 1_000))
        moves, claims = [], []
        for plant, home in zip(plants, homes, strict=True):
            move = Transfer(plant.measurement, home.key, None)
            moves.append(workload.sign(ledger, [move], plant.secret, plant.key))
            claims.append(workload.claims(ledger, [child_id(plant.measurement, TRANSFER, 0)], home))
        workload.put(ledger, moves)
        workload.put(ledger, claims)
        making, checking, sizes = [], [], []
        status = ledger.status()
        trusted = [parse_verifier_key(status.checkpoint_key)]
        for plant in plants[:PROOFS]:
            began = time.perf_counter()
            proof = ledger.prove(child_id(plant.measurement, TRANSFER, 0))
            made = time.perf_counter()
            verify_claim(proof, status.ledger, trusted)
            making.append(1_000 * (made - began))
            checking.append(1_000 * (time.perf_counter() - made))
            sizes.append(len(proof))
    yield Result("proof file of a claim, median size", statistics.median(sizes) / 1_000, "kB")
    yield Result("proof file, making, median", statistics.median(making), "ms")
    yield Result("proof file, checking, median", statistics.median(checking), "ms")
